package io.leat.broker.coordinator;

/** What one who waits is told once the transition is durable. */
public record Reply<R>(ReplyTo<R> to, R value) {
    void send() {
        to.complete(value);
    }
}
