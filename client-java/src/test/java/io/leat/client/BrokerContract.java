package io.leat.client;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * What the client's contract suites have in common: they run against whatever broker a subclass
 * brings, and share it with other tests, so every test makes its own topics and groups.
 */
public abstract class BrokerContract {
    /** Long enough for a busy machine; no test waits for it to pass. */
    protected static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long CHECK_NANOS = Duration.ofMillis(5).toNanos();

    /** Where the broker is, as {@code host:port}. */
    protected abstract String bootstrap();

    /** A name that no other test uses. */
    protected static String uniqueName(String what) {
        return what + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** A topic that no other test uses. */
    protected String newTopic(int partitionCount) {
        String name = uniqueName("topic");
        try (Admin admin = Admin.connect(bootstrap())) {
            admin.createTopic(NewTopic.of(name, partitionCount));
        }
        return name;
    }

    /** Waits until a condition holds. */
    protected static void eventually(String what, BooleanSupplier condition) {
        Deadline deadline = Deadline.after(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (deadline.isOver()) {
                throw new AssertionError("did not happen within " + deadline + ": " + what);
            }
            LockSupport.parkNanos(CHECK_NANOS);
        }
    }

    /** Sends all and returns where they are. */
    protected static <K, V> List<RecordMetadata> sendAll(
            Producer<K, V> producer, Stream<ProducerRecord<K, V>> records) {
        List<CompletableFuture<RecordMetadata>> sent = records.map(producer::send).toList();
        return sent.stream().map(CompletableFuture::join).toList();
    }
}
