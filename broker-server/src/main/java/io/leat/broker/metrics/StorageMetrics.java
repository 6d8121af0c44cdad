package io.leat.broker.metrics;

import io.leat.storage.api.StorageObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/**
 * Measures the disk.
 *
 * <ul>
 *   <li>{@code leat.storage.force.duration}: forces, how many and how long
 *   <li>{@code leat.storage.force.appends}: how many appends one force made durable
 *   <li>{@code leat.storage.write.duration}, {@code leat.storage.write.bytes}: writes
 * </ul>
 */
public final class StorageMetrics implements StorageObserver {
    private final Timer forces;
    private final DistributionSummary appends;
    private final Timer writes;
    private final Counter bytes;

    public StorageMetrics(MeterRegistry registry) {
        forces =
                Timer.builder("leat.storage.force.duration")
                        .description("Time of forces to disk")
                        .serviceLevelObjectives(
                                Duration.ofNanos(250_000),
                                Duration.ofMillis(1),
                                Duration.ofMillis(2),
                                Duration.ofMillis(5),
                                Duration.ofMillis(10),
                                Duration.ofMillis(25),
                                Duration.ofMillis(100),
                                Duration.ofMillis(500),
                                Duration.ofSeconds(2))
                        .register(registry);
        appends =
                DistributionSummary.builder("leat.storage.force.appends")
                        .description("Appends that one force made durable")
                        .register(registry);
        writes =
                Timer.builder("leat.storage.write.duration")
                        .description("Time of writes, before any force")
                        .register(registry);
        bytes =
                Counter.builder("leat.storage.write.bytes")
                        .description("Bytes of record batches written")
                        .register(registry);
    }

    @Override
    public void forced(long nanos, int count) {
        forces.record(Duration.ofNanos(nanos));
        appends.record(count);
    }

    @Override
    public void written(long nanos, int count) {
        writes.record(Duration.ofNanos(nanos));
        bytes.increment(count);
    }
}
