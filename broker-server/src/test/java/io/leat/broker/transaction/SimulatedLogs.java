package io.leat.broker.transaction;

import io.leat.wire.ErrorCode;
import io.leat.wire.record.TransactionMarker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Partitions in memory, which force when they are told to, and lose what was not forced. */
final class SimulatedLogs {
    static final int COUNT = 4;
    static final UUID TOPIC = new UUID(7, 7);

    /**
     * A batch.
     *
     * @param tag names the transaction that the producer takes it for; -1 in markers
     */
    private record Entry(long producerId, short epoch, int tag, boolean marker, boolean commit) {}

    private record Waiting(int end, CompletableFuture<ErrorCode> future) {}

    private static final class Log {
        final List<Entry> entries = new ArrayList<>();
        final List<Waiting> waiting = new ArrayList<>();
        int forced;

        /** The newest epoch of each producer. */
        Map<Long, Short> epochs() {
            Map<Long, Short> epochs = new HashMap<>();
            entries.forEach(e -> epochs.merge(e.producerId(), e.epoch(), (a, b) -> a > b ? a : b));
            return epochs;
        }
    }

    private final List<Log> logs = new ArrayList<>();
    private final Random random;

    SimulatedLogs(Random random) {
        this.random = random;
        for (int i = 0; i < COUNT; i++) {
            logs.add(new Log());
        }
    }

    static Place place(int partition) {
        return new Place(TOPIC, "topic", partition);
    }

    CompletableFuture<ErrorCode> write(int partition, long producerId, short epoch, int tag) {
        Log log = logs.get(partition);
        for (int i = 0; i < log.entries.size(); i++) {
            Entry entry = log.entries.get(i);
            if (!entry.marker() && entry.tag() == tag) {
                return await(log, i + 1); // sent before
            }
        }
        return append(log, new Entry(producerId, epoch, tag, false, false));
    }

    CompletionStage<ErrorCode> mark(Place place, TransactionMarker marker) {
        return append(
                logs.get(place.partition()),
                new Entry(
                        marker.producerId(), marker.producerEpoch(), -1, true, marker.committed()));
    }

    private CompletableFuture<ErrorCode> append(Log log, Entry entry) {
        if (entry.epoch() < log.epochs().getOrDefault(entry.producerId(), (short) -1)) {
            return CompletableFuture.completedFuture(ErrorCode.INVALID_PRODUCER_EPOCH);
        }
        log.entries.add(entry);
        return await(log, log.entries.size());
    }

    private static CompletableFuture<ErrorCode> await(Log log, int end) {
        CompletableFuture<ErrorCode> future = new CompletableFuture<>();
        if (log.forced >= end) {
            future.complete(ErrorCode.NONE);
        } else {
            log.waiting.add(new Waiting(end, future));
        }
        return future;
    }

    /** One log forces what it has, or its disk fails once. */
    void force(int partition, boolean fails) {
        Log log = logs.get(partition);
        if (!fails) {
            log.forced = log.entries.size();
        }
        List<Waiting> done = List.copyOf(log.waiting);
        log.waiting.clear();
        done.forEach(
                w -> w.future().complete(fails ? ErrorCode.KAFKA_STORAGE_ERROR : ErrorCode.NONE));
    }

    /** Power goes: every log keeps what was forced, and perhaps some of what was not. */
    void crash() {
        for (Log log : logs) {
            int kept = log.forced + random.nextInt(log.entries.size() - log.forced + 1);
            log.entries.subList(kept, log.entries.size()).clear();
            log.forced = log.entries.size();
            log.waiting.clear();
        }
    }

    /** The producers whose transactions are open in a log. */
    Set<Long> open(int partition) {
        Set<Long> open = new HashSet<>();
        for (Entry entry : logs.get(partition).entries) {
            if (entry.marker()) {
                open.remove(entry.producerId());
            } else {
                open.add(entry.producerId());
            }
        }
        return open;
    }

    /** How the transactions of a log have ended, as far as is forced: by tag, true if committed. */
    Map<Integer, Boolean> ended(int partition) {
        Map<Long, Set<Integer>> open = new HashMap<>();
        Map<Integer, Boolean> ended = new HashMap<>();
        Log log = logs.get(partition);
        for (Entry entry : log.entries.subList(0, log.forced)) {
            if (entry.marker()) {
                Set<Integer> tags = open.remove(entry.producerId());
                if (tags != null) {
                    tags.forEach(tag -> ended.put(tag, entry.commit()));
                }
            } else {
                open.computeIfAbsent(entry.producerId(), p -> new HashSet<>()).add(entry.tag());
            }
        }
        return ended;
    }
}
