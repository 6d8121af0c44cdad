package io.leat.broker.group.offset;

import io.leat.broker.coordinator.HeapBytes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A group's committed offsets. Immutable.
 *
 * <p>Topics are told apart by their ids: a topic that is deleted and made again under its old name
 * has no offsets, from the first moment.
 */
public final class Offsets {
    public static final Offsets NONE = new Offsets(Map.of(), 0);

    private final Map<UUID, OfTopic> topics;
    private final long heapBytes;

    private Offsets(Map<UUID, OfTopic> topics, long heapBytes) {
        this.topics = topics;
        this.heapBytes = heapBytes;
    }

    /** Visits offsets. */
    @FunctionalInterface
    public interface Visitor {
        void visit(UUID topicId, String topic, int partition, CommittedOffset offset);
    }

    /** How much heap they take, roughly. Kept, since each of many commits asks. */
    public long heapBytes() {
        return heapBytes;
    }

    public boolean isEmpty() {
        return topics.isEmpty();
    }

    public Optional<CommittedOffset> get(UUID topicId, int partition) {
        OfTopic topic = topics.get(topicId);
        return topic == null ? Optional.empty() : Optional.ofNullable(topic.get(partition));
    }

    /** Whether there is an offset in the topic. */
    public boolean contains(UUID topicId) {
        return topics.containsKey(topicId);
    }

    /** Visits all offsets, topic by topic, partitions in order. */
    public void forEach(Visitor visitor) {
        topics.forEach((id, topic) -> topic.forEach(id, visitor));
    }

    /** Visits the offsets of partitions for which {@code other} has none. */
    public void forEachMissingIn(Offsets other, Visitor visitor) {
        topics.forEach((id, topic) -> {
            OfTopic theirs = other.topics.get(id);
            if (topic != theirs) { // a topic that did not change is the very same
                topic.forEach(
                        id,
                        (topicId, name, partition, offset) -> {
                            if (theirs == null || theirs.get(partition) == null) {
                                visitor.visit(topicId, name, partition, offset);
                            }
                        });
            }
        });
    }

    /** Gathers changes and makes the offsets that they come to. Used by one thread, once. */
    public Change change() {
        return new Change(this);
    }

    /** Changes in the making. */
    public static final class Change {
        private final Map<UUID, OfTopic> topics;
        // Topics whose array is already a copy of our own.
        private final Map<UUID, OfTopic> copied = new LinkedHashMap<>();

        private long heapBytes;

        private Change(Offsets before) {
            heapBytes = before.heapBytes;
            topics = new LinkedHashMap<>(before.topics);
        }

        public Change put(UUID topicId, String topic, int partition, CommittedOffset offset) {
            OfTopic copy = copied.get(topicId);
            if (copy == null || partition >= copy.partitions.length) {
                OfTopic old = topics.getOrDefault(topicId, new OfTopic(topic));
                copy = old.copy(Math.max(partition + 1, old.partitions.length));
                heapBytes +=
                        copy.frameBytes() - (topics.containsKey(topicId) ? old.frameBytes() : 0);
                copied.put(topicId, copy);
                topics.put(topicId, copy);
            }
            heapBytes += bytes(offset) - bytes(copy.partitions[partition]);
            copy.partitions[partition] = offset;
            return this;
        }

        public Change remove(UUID topicId, int partition) {
            OfTopic old = topics.get(topicId);
            if (old == null || old.get(partition) == null) {
                return this;
            }
            OfTopic copy = old.copy(old.partitions.length);
            heapBytes -= bytes(copy.partitions[partition]);
            copy.partitions[partition] = null;
            copied.put(topicId, copy);
            if (copy.isEmpty()) {
                topics.remove(topicId);
                copied.remove(topicId);
                heapBytes -= copy.frameBytes();
            } else {
                topics.put(topicId, copy);
            }
            return this;
        }

        public Offsets done() {
            return topics.isEmpty() ? NONE : new Offsets(topics, heapBytes);
        }
    }

    private static long bytes(@Nullable CommittedOffset offset) {
        return offset == null ? 0 : offset.heapBytes();
    }

    /** A topic's offsets, indexed by partition: partitions are few and dense. */
    private static final class OfTopic {
        final String name;
        final @Nullable CommittedOffset[] partitions;

        OfTopic(String name) {
            this(name, new CommittedOffset[0]);
        }

        private OfTopic(String name, @Nullable CommittedOffset[] partitions) {
            this.name = name;
            this.partitions = partitions;
        }

        @Nullable CommittedOffset get(int partition) {
            return partition >= 0 && partition < partitions.length ? partitions[partition] : null;
        }

        /** What it takes besides the offsets. */
        long frameBytes() {
            return HeapBytes.ENTRY
                    + 2 * HeapBytes.OBJECT
                    + HeapBytes.text(name)
                    + HeapBytes.array((long) Integer.BYTES * partitions.length);
        }

        OfTopic copy(int length) {
            return new OfTopic(name, Arrays.copyOf(partitions, length));
        }

        boolean isEmpty() {
            for (CommittedOffset offset : partitions) {
                if (offset != null) {
                    return false;
                }
            }
            return true;
        }

        void forEach(UUID id, Visitor visitor) {
            for (int p = 0; p < partitions.length; p++) {
                CommittedOffset offset = partitions[p];
                if (offset != null) {
                    visitor.visit(id, name, p, offset);
                }
            }
        }
    }
}
