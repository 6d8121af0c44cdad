package io.leat.broker.delay;

import io.leat.broker.coordinator.Time;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Counts delayed records.
 *
 * <ul>
 *   <li>{@code leat.delayed.records.accepted}, {@code leat.delayed.records.delivered}, {@code
 *       leat.delayed.records.cancelled}: so far
 *   <li>{@code leat.delayed.records.pending}, by topic
 *   <li>{@code leat.delayed.lateness}: from the time a record was due to its being in the log and
 *       forced
 *   <li>{@code leat.delayed.next.due}: in how many seconds the next record is due; below 0 while it
 *       is late, and NaN where there is none
 * </ul>
 */
final class DelayMetrics {
    private final MeterRegistry registry;
    private final Counter accepted;
    private final Counter delivered;
    private final Counter cancelled;
    private final Timer lateness;
    private final Map<UUID, Meter> pending = new ConcurrentHashMap<>();

    DelayMetrics(MeterRegistry registry, Supplier<Collection<Lane>> lanes, Time time) {
        this.registry = registry;
        accepted = counter("accepted", "Records that were taken to be delivered later");
        delivered = counter("delivered", "Delayed records that were delivered");
        cancelled = counter("cancelled", "Delayed records that were cancelled");
        lateness =
                Timer.builder("leat.delayed.lateness")
                        .description("From the time a record was due to its delivery")
                        .publishPercentiles(0.5, 0.99)
                        .register(registry);
        Gauge.builder("leat.delayed.next.due", () -> nextDueSeconds(lanes.get(), time))
                .description("In how many seconds the next delayed record is due")
                .register(registry);
    }

    private Counter counter(String what, String description) {
        return Counter.builder("leat.delayed.records." + what)
                .description(description)
                .register(registry);
    }

    private static double nextDueSeconds(Collection<Lane> lanes, Time time) {
        long next = Lane.NEVER;
        for (Lane lane : lanes) {
            next = Math.min(next, lane.firstDueMillis());
        }
        return next == Lane.NEVER ? Double.NaN : (next - time.wallMillis()) / 1e3;
    }

    /** A topic has delayed records. */
    void topic(UUID id, String name, AtomicLong count) {
        pending.computeIfAbsent(
                id,
                made ->
                        Gauge.builder(
                                        "leat.delayed.records.pending",
                                        count,
                                        AtomicLong::doubleValue)
                                .description("Delayed records that wait")
                                .tag("topic", name)
                                .register(registry));
    }

    void topicGone(UUID id) {
        Meter gauge = pending.remove(id);
        if (gauge != null) {
            registry.remove(gauge);
        }
    }

    void accepted(int count) {
        accepted.increment(count);
    }

    void cancelled(int count) {
        cancelled.increment(count);
    }

    void delivered(long lateMillis) {
        delivered.increment();
        lateness.record(Math.max(0, lateMillis), TimeUnit.MILLISECONDS);
    }
}
