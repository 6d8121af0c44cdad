package io.leat.broker.group.assign;

import io.leat.broker.coordinator.HeapBytes;
import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BinaryOperator;

/** Partitions of topics, the topics by id. Immutable; topics and partitions are in order. */
public final class PartitionSet {
    public static final PartitionSet NONE = new PartitionSet(new TreeMap<>());

    // No set in here is empty, and none is changed once it is in here.
    private final SortedMap<UUID, BitSet> topics;

    private PartitionSet(SortedMap<UUID, BitSet> topics) {
        this.topics = topics;
    }

    /** Visits partitions. */
    @FunctionalInterface
    public interface Visitor {
        void visit(UUID topicId, int partition);
    }

    /** Gathers partitions. Used by one thread, once. */
    public static final class Builder {
        private final SortedMap<UUID, BitSet> topics = new TreeMap<>();

        public Builder add(UUID topicId, int partition) {
            topics.computeIfAbsent(topicId, id -> new BitSet()).set(partition);
            return this;
        }

        public Builder addAll(UUID topicId, Iterable<Integer> partitions) {
            partitions.forEach(partition -> add(topicId, partition));
            return this;
        }

        public PartitionSet build() {
            return topics.isEmpty() ? NONE : new PartitionSet(topics);
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    public boolean isEmpty() {
        return topics.isEmpty();
    }

    /** How much heap it takes, roughly. */
    public long heapBytes() {
        long bytes = HeapBytes.OBJECT;
        for (BitSet partitions : topics.values()) {
            bytes +=
                    HeapBytes.ENTRY
                            + HeapBytes.OBJECT
                            + HeapBytes.array(partitions.size() / Byte.SIZE);
        }
        return bytes;
    }

    /** How many partitions. */
    public int size() {
        int size = 0;
        for (BitSet partitions : topics.values()) {
            size += partitions.cardinality();
        }
        return size;
    }

    public boolean contains(UUID topicId, int partition) {
        BitSet partitions = topics.get(topicId);
        return partitions != null && partitions.get(partition);
    }

    public boolean containsAll(PartitionSet other) {
        return other.minus(this).isEmpty();
    }

    public boolean intersects(PartitionSet other) {
        for (Map.Entry<UUID, BitSet> topic : topics.entrySet()) {
            BitSet theirs = other.topics.get(topic.getKey());
            if (theirs != null && theirs.intersects(topic.getValue())) {
                return true;
            }
        }
        return false;
    }

    /** The topics of which there are partitions. */
    public Set<UUID> topics() {
        return Collections.unmodifiableSet(topics.keySet());
    }

    /** The partitions of a topic. */
    public List<Integer> of(UUID topicId) {
        BitSet partitions = topics.get(topicId);
        return partitions == null ? List.of() : partitions.stream().boxed().toList();
    }

    public void forEach(Visitor visitor) {
        topics.forEach((topicId, partitions) ->
                partitions.stream().forEach(partition -> visitor.visit(topicId, partition)));
    }

    public PartitionSet plus(PartitionSet other) {
        if (other.isEmpty()) {
            return this;
        }
        SortedMap<UUID, BitSet> sum = new TreeMap<>(topics);
        other.topics.forEach((topicId, partitions) ->
                sum.merge(
                        topicId,
                        partitions,
                        (a, b) ->
                                combined(
                                        a,
                                        b,
                                        (x, y) -> {
                                            x.or(y);
                                            return x;
                                        })));
        return new PartitionSet(sum);
    }

    public PartitionSet minus(PartitionSet other) {
        return filtered(other, true);
    }

    public PartitionSet and(PartitionSet other) {
        return filtered(other, false);
    }

    private PartitionSet filtered(PartitionSet other, boolean without) {
        SortedMap<UUID, BitSet> rest = new TreeMap<>();
        boolean same = true;
        for (Map.Entry<UUID, BitSet> topic : topics.entrySet()) {
            BitSet mine = topic.getValue();
            BitSet theirs = other.topics.get(topic.getKey());
            BitSet kept = mine;
            if (theirs != null) {
                kept = (BitSet) mine.clone();
                if (without) {
                    kept.andNot(theirs);
                } else {
                    kept.and(theirs);
                }
            } else if (!without) {
                kept = new BitSet();
            }
            if (!kept.isEmpty()) {
                rest.put(topic.getKey(), kept);
            }
            same &= kept.equals(mine);
        }
        return same ? this : rest.isEmpty() ? NONE : new PartitionSet(rest);
    }

    private static BitSet combined(BitSet a, BitSet b, BinaryOperator<BitSet> operation) {
        return operation.apply((BitSet) a.clone(), b);
    }

    /** Writes {@code topics int32, each: id 16 bytes | partitions int32, each: int32}. */
    public void write(StateOutput out) {
        out.int32(topics.size());
        topics.forEach((topicId, partitions) -> {
            out.int64(topicId.getMostSignificantBits())
                    .int64(topicId.getLeastSignificantBits())
                    .int32(partitions.cardinality());
            partitions.stream().forEach(out::int32);
        });
    }

    public static PartitionSet read(StateInput in) {
        Builder builder = builder();
        int topicCount = in.count();
        for (int t = 0; t < topicCount; t++) {
            UUID topicId = new UUID(in.int64(), in.int64());
            int count = in.count();
            for (int p = 0; p < count; p++) {
                builder.add(topicId, in.int32());
            }
        }
        return builder.build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PartitionSet set && topics.equals(set.topics);
    }

    @Override
    public int hashCode() {
        return topics.hashCode();
    }

    @Override
    public String toString() {
        return topics.toString();
    }
}
