package io.leat.tests.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What clients were told and shown: which records were acknowledged at which offsets, which were
 * seen there, which commits of group offsets were acknowledged. After a crash it is held against
 * what the broker has.
 *
 * <p>Each producer sends 0, 1, 2, … to each partition, so that loss, repetition and disorder show
 * by the numbers. Any thread.
 */
final class Witness {
    /** A record as it is known by: the producer's number and the record's number. */
    record Id(int producer, int number) {}

    /** A record as it was read. */
    record Found(int partition, long offset, Id id) {}

    private record Place(String group, int partition) {}

    private final int producers;
    private final Track[][] tracks;
    private final List<LongArray> seen = new ArrayList<>();
    private final Map<String, Map<Integer, Long>> commits = new TreeMap<>();
    private final List<String> contradictions = new ArrayList<>();
    private long acknowledged;
    private long commitCount;

    Witness(int partitions, int producers) {
        this.producers = producers;
        this.tracks = new Track[partitions][producers];
        for (int p = 0; p < partitions; p++) {
            seen.add(new LongArray());
            for (int i = 0; i < producers; i++) {
                tracks[p][i] = new Track();
            }
        }
    }

    int partitions() {
        return tracks.length;
    }

    /**
     * A send was answered.
     *
     * @param offset the record's; negative when the broker knew only that it had the record already
     */
    synchronized void acknowledged(int partition, Id id, long offset) {
        acknowledged++;
        tracks[partition][id.producer()].offsets.set(id.number(), Math.max(offset, -1) + 2);
    }

    /** A send failed for good: the record may be in the log or not. */
    synchronized void gaveUp(int partition, Id id) {
        tracks[partition][id.producer()].offsets.set(id.number(), Track.GAVE_UP);
    }

    /** A consumer got a record. */
    synchronized void saw(Found found) {
        LongArray known = seen.get(found.partition());
        long before = known.get(found.offset());
        long packed = pack(found.id());
        if (before != 0 && before != packed) {
            contradict("%s was %s when seen before".formatted(found, unpack(before)));
        }
        known.set(found.offset(), packed);
    }

    /** Behind the last record that was seen in each partition. */
    synchronized long[] seenEnds() {
        return seen.stream().mapToLong(LongArray::length).toArray();
    }

    /** A commit of a group's offset was acknowledged. */
    synchronized void committed(String group, int partition, long offset) {
        commitCount++;
        commits.computeIfAbsent(group, k -> new TreeMap<>()).put(partition, offset);
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    /** How many commits of an offset were acknowledged. */
    synchronized long commits() {
        return commitCount;
    }

    /**
     * Holds what was told and shown until now against a log as it was read from start to end.
     *
     * @param offsets the committed offsets of all groups, by group and partition
     */
    synchronized Verdict compare(
            Map<Integer, List<Found>> log, Map<String, Map<Integer, Long>> offsets) {
        Verdict.Builder verdict = new Verdict.Builder();
        contradictions.forEach(verdict::contradiction);
        for (int p = 0; p < tracks.length; p++) {
            List<Found> records = log.getOrDefault(p, List.of());
            compareOrder(records, verdict);
            compareAcknowledged(p, records, verdict);
            compareSeen(p, records, verdict);
        }
        commits.forEach((group, byPartition) ->
                byPartition.forEach((p, told) ->
                        compareCommit(
                                new Place(group, p),
                                told,
                                offsets.getOrDefault(group, Map.of()).getOrDefault(p, -1L),
                                log.getOrDefault(p, List.of()),
                                verdict)));
        return verdict.build(acknowledged, seen.stream().mapToLong(LongArray::count).sum());
    }

    private void compareOrder(List<Found> records, Verdict.Builder verdict) {
        int[] next = new int[producers];
        long end = 0;
        for (Found found : records) {
            if (found.offset() != end) {
                verdict.contradiction("offset %d is missing before %s".formatted(end, found));
            }
            end = found.offset() + 1;
            Id id = found.id();
            Track track = tracks[found.partition()][id.producer()];
            if (id.number() < next[id.producer()]) {
                verdict.repeated("%s repeats or is late".formatted(found));
                continue;
            }
            for (int number = next[id.producer()]; number < id.number(); number++) {
                if (track.offsets.get(number) == 0) {
                    verdict.contradiction("%s comes before number %d".formatted(found, number));
                }
            }
            next[id.producer()] = id.number() + 1;
        }
    }

    private void compareAcknowledged(int partition, List<Found> records, Verdict.Builder verdict) {
        for (int producer = 0; producer < producers; producer++) {
            LongArray told = tracks[partition][producer].offsets;
            LongArray found = new LongArray();
            for (Found record : records) {
                if (record.id().producer() == producer) {
                    found.set(record.id().number(), record.offset() + 2);
                }
            }
            for (int number = 0; number < told.length(); number++) {
                long toldAt = told.get(number);
                if (toldAt > 0 && found.get(number) == 0) {
                    verdict.lost(
                            "partition %d: %s was acknowledged at offset %d and is gone"
                                    .formatted(partition, new Id(producer, number), toldAt - 2));
                } else if (toldAt > 1 && found.get(number) != toldAt) {
                    verdict.contradiction(
                            "partition %d: %s was acknowledged at offset %d and is at %d"
                                    .formatted(
                                            partition,
                                            new Id(producer, number),
                                            toldAt - 2,
                                            found.get(number) - 2));
                }
            }
        }
    }

    private void compareSeen(int partition, List<Found> records, Verdict.Builder verdict) {
        LongArray shown = seen.get(partition);
        LongArray there = new LongArray();
        records.forEach(found -> there.set(found.offset(), pack(found.id())));
        for (int offset = 0; offset < shown.length(); offset++) {
            if (shown.get(offset) != 0 && shown.get(offset) != there.get(offset)) {
                verdict.gone(
                        "partition %d: %s was seen at offset %d, where now is %s"
                                .formatted(
                                        partition,
                                        unpack(shown.get(offset)),
                                        offset,
                                        there.get(offset) == 0
                                                ? "nothing"
                                                : unpack(there.get(offset))));
            }
        }
    }

    private static void compareCommit(
            Place place, long told, long kept, List<Found> records, Verdict.Builder verdict) {
        long end = records.isEmpty() ? 0 : records.getLast().offset() + 1;
        // A group's offset only grows here, so a later one may be there that was not acknowledged.
        if (kept < told) {
            verdict.commitLost(place + ": offset " + told + " was acknowledged, is " + kept);
        }
        if (kept > end) {
            verdict.contradiction(place + ": offset " + kept + " is behind the end, " + end);
        }
    }

    private void contradict(String what) {
        if (contradictions.size() < Verdict.EXAMPLES_MAX) {
            contradictions.add(what);
        }
    }

    private static long pack(Id id) {
        return ((long) id.producer() + 1) << 32 | id.number();
    }

    private static Id unpack(long packed) {
        return new Id((int) (packed >> 32) - 1, (int) packed);
    }

    /**
     * The records of one producer in one partition: 0 unknown, 1 without offset, else offset + 2.
     */
    private static final class Track {
        private static final long GAVE_UP = -1;
        private final LongArray offsets = new LongArray();
    }

    /** Longs by index; 0 where none was set. */
    private static final class LongArray {
        private long[] values = new long[1024];
        private int length;

        void set(long index, long value) {
            int at = Math.toIntExact(index);
            if (at >= values.length) {
                values = Arrays.copyOf(values, Math.max(at + 1, values.length * 2));
            }
            values[at] = value;
            length = Math.max(length, at + 1);
        }

        long get(long index) {
            return index < length ? values[(int) index] : 0;
        }

        int length() {
            return length;
        }

        long count() {
            return Arrays.stream(values, 0, length).filter(value -> value != 0).count();
        }
    }
}
