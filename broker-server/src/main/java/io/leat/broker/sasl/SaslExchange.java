package io.leat.broker.sasl;

/** One client on its way through a mechanism. One thread at a time. */
@FunctionalInterface
public interface SaslExchange {
    /**
     * Takes the client's next message. May take long: never called on an event loop.
     *
     * @return what to answer; after a success or a failure nothing more is asked
     */
    SaslStep next(byte[] message);
}
