package io.leat.broker.cleaning;

import io.leat.compaction.cleaning.CleaningReport;
import io.leat.compaction.cleaning.Dirt;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Measures compaction.
 *
 * <ul>
 *   <li>{@code leat.cleaner.passes}: a timer of passes
 *   <li>{@code leat.cleaner.bytes.read}, {@code leat.cleaner.bytes.written}, {@code
 *       leat.cleaner.bytes.freed}, {@code leat.cleaner.records.removed}: by passes that ended
 *   <li>{@code leat.cleaner.running}, {@code leat.cleaner.failing}: partitions
 *   <li>{@code leat.cleaner.dirty.ratio.max}, {@code leat.cleaner.dirty.age.max}: of the dirtiest
 *       partition, and how many seconds the oldest dirty record waits
 *   <li>{@code leat.cleaner.last.pass}: when the last pass ended, in seconds since the epoch
 * </ul>
 */
final class CleaningMetrics {
    private final Timer passes;
    private final Counter bytesRead;
    private final Counter bytesWritten;
    private final Counter bytesFreed;
    private final Counter records;

    /**
     * Registers all of them.
     *
     * @param partitions those that are compacted, at any time
     */
    CleaningMetrics(
            MeterRegistry registry,
            Supplier<Collection<PartitionCleaning>> partitions,
            LongSupplier clockMillis) {
        passes =
                Timer.builder("leat.cleaner.passes")
                        .description("Passes of compaction")
                        .register(registry);
        bytesRead = counter(registry, "leat.cleaner.bytes.read", "Bytes read by compaction");
        bytesWritten =
                counter(registry, "leat.cleaner.bytes.written", "Bytes written by compaction");
        bytesFreed =
                counter(registry, "leat.cleaner.bytes.freed", "Bytes that compaction has freed");
        records =
                counter(
                        registry,
                        "leat.cleaner.records.removed",
                        "Records that compaction has removed");
        gauge(
                registry,
                "leat.cleaner.running",
                "Partitions that are being compacted",
                partitions,
                one -> one.running() ? 1 : 0,
                Double::sum);
        gauge(
                registry,
                "leat.cleaner.failing",
                "Partitions that cannot be compacted at the moment",
                partitions,
                one -> one.problem().isPresent() ? 1 : 0,
                Double::sum);
        gauge(
                registry,
                "leat.cleaner.dirty.ratio.max",
                "Share of dirty bytes in the dirtiest partition that is compacted",
                partitions,
                one -> one.dirt().map(Dirt::ratio).orElse(0.0),
                Math::max);
        gauge(
                registry,
                "leat.cleaner.dirty.age.max",
                "Seconds that the oldest dirty record has been waiting for compaction",
                partitions,
                one -> one.dirt().map(dirt -> seconds(dirt, clockMillis)).orElse(0.0),
                Math::max);
        gauge(
                registry,
                "leat.cleaner.last.pass",
                "When the last pass of compaction ended, in seconds since the epoch",
                partitions,
                one -> Math.max(0, one.state().endedMillis()) / 1e3,
                Math::max);
    }

    private static double seconds(Dirt dirt, LongSupplier clockMillis) {
        return dirt.ageMillis(clockMillis.getAsLong()) / 1e3;
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private static void gauge(
            MeterRegistry registry,
            String name,
            String description,
            Supplier<Collection<PartitionCleaning>> partitions,
            ToDoubleFunction<PartitionCleaning> value,
            java.util.function.DoubleBinaryOperator join) {
        Gauge.builder(name, () -> partitions.get().stream().mapToDouble(value).reduce(0, join))
                .description(description)
                .register(registry);
    }

    void passed(CleaningReport report, Duration took) {
        passes.record(took);
        bytesRead.increment((double) report.bytesRead());
        bytesWritten.increment((double) report.bytesWritten());
        bytesFreed.increment((double) Math.max(0, report.bytesFreed()));
        records.increment((double) report.recordsRemoved());
    }
}
