package io.leat.broker.erasure;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.IntSupplier;

/**
 * Counts erasures.
 *
 * <ul>
 *   <li>{@code leat.erasures.running}: how many run
 *   <li>{@code leat.erasures.ended}, by outcome: done, failed, topic_deleted
 *   <li>{@code leat.erasures.records}, {@code leat.erasures.bytes}: removed and freed by those that
 *       ended
 * </ul>
 */
final class ErasureMetrics {
    private final MeterRegistry registry;
    private final Counter records;
    private final Counter bytes;

    ErasureMetrics(MeterRegistry registry, IntSupplier running) {
        this.registry = registry;
        Gauge.builder("leat.erasures.running", running::getAsInt)
                .description("Erasures of keys that run")
                .register(registry);
        records =
                Counter.builder("leat.erasures.records")
                        .description("Records that erasures of keys removed")
                        .register(registry);
        bytes =
                Counter.builder("leat.erasures.bytes")
                        .description("Bytes that erasures of keys freed")
                        .register(registry);
    }

    void ended(Erasure erasure) {
        Counter.builder("leat.erasures.ended")
                .description("Erasures of keys that ended")
                .tag("outcome", erasure.state().name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
        records.increment((double) erasure.totals().recordsRemoved());
        bytes.increment((double) Math.max(0, erasure.totals().bytesFreed()));
    }
}
