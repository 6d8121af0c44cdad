package io.leat.client;

import io.leat.client.AssignedPartition.Need;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer reads, where it is in each partition, and what is fetched ahead: the state that
 * the caller's thread and the loop share. Its lock is held for moments only, never while anything
 * is read, decoded or waited for.
 */
final class Assignment {
    /**
     * Something to be read or looked up, as it was at that moment.
     *
     * @param version the partition's version, for {@link #update}
     */
    record Task(TopicPartition partition, int version, long offset, OffsetReset reset) {}

    /** A change of a partition; runs under the lock. */
    @FunctionalInterface
    interface Change {
        void apply(AssignedPartition partition);
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<TopicPartition, AssignedPartition> partitions = new LinkedHashMap<>();
    private final ArrayDeque<FetchedChunk> chunks = new ArrayDeque<>();
    private int lastVersion;
    private long bufferedBytes;
    private boolean woken;

    /** Reads these partitions from now on. Those that stay keep their place. */
    void set(Collection<TopicPartition> wanted) {
        locked(() -> {
            partitions.keySet().retainAll(new LinkedHashSet<>(wanted));
            for (TopicPartition partition : wanted) {
                partitions.computeIfAbsent(
                        partition, id -> new AssignedPartition(id, () -> ++lastVersion));
            }
            dropStale();
        });
    }

    Set<TopicPartition> ids() {
        lock.lock();
        try {
            return Set.copyOf(partitions.keySet());
        } finally {
            lock.unlock();
        }
    }

    Set<TopicPartition> paused() {
        lock.lock();
        try {
            Set<TopicPartition> paused = new LinkedHashSet<>();
            partitions.forEach((id, partition) -> {
                if (partition.paused) {
                    paused.add(id);
                }
            });
            return paused;
        } finally {
            lock.unlock();
        }
    }

    void seek(TopicPartition id, long offset) {
        change(id, partition -> partition.jumpTo(offset));
    }

    void reset(TopicPartition id, OffsetReset where) {
        change(id, partition -> partition.lookUp(where));
    }

    void pause(TopicPartition id) {
        // What is buffered would take memory from the partitions that go on.
        change(
                id,
                partition -> {
                    partition.paused = true;
                    partition.refetch();
                });
    }

    void resume(TopicPartition id) {
        change(id, partition -> partition.paused = false);
    }

    private void change(TopicPartition id, Change how) {
        locked(() -> {
            how.apply(require(id));
            dropStale();
        });
    }

    private AssignedPartition require(TopicPartition id) {
        AssignedPartition partition = partitions.get(id);
        if (partition == null) {
            throw new IllegalStateException(
                    "partition " + id + " is not assigned to this consumer");
        }
        return partition;
    }

    /** Where the consumer is, or {@link AssignedPartition#UNKNOWN}. */
    long position(TopicPartition id) {
        lock.lock();
        try {
            return require(id).position;
        } finally {
            lock.unlock();
        }
    }

    /** The known positions of all partitions. */
    Map<TopicPartition, OffsetAndMetadata> positions() {
        lock.lock();
        try {
            Map<TopicPartition, OffsetAndMetadata> known = new LinkedHashMap<>();
            partitions.forEach((id, partition) -> {
                if (partition.position >= 0) {
                    known.put(id, OffsetAndMetadata.of(partition.position));
                }
            });
            return known;
        } finally {
            lock.unlock();
        }
    }

    /** Throws what keeps a partition from being read. */
    void throwFailure() {
        lock.lock();
        try {
            for (AssignedPartition partition : partitions.values()) {
                if (partition.failure != null) {
                    throw partition.failure;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- the loop's side

    /** Takes on those partitions that need this and that nobody takes care of yet. */
    List<Task> startLookUps(Need need) {
        lock.lock();
        try {
            List<Task> tasks = new ArrayList<>();
            for (AssignedPartition partition : partitions.values()) {
                if (partition.need == need && !partition.lookingUp && partition.failure == null) {
                    partition.lookingUp = true;
                    tasks.add(task(partition));
                }
            }
            return tasks;
        } finally {
            lock.unlock();
        }
    }

    /** Whether for some partitions the position is being looked up. */
    boolean isLookingUp() {
        lock.lock();
        try {
            return partitions.values().stream().anyMatch(partition -> partition.lookingUp);
        } finally {
            lock.unlock();
        }
    }

    /** The partitions that can be read, each with the offset to ask for. */
    List<Task> fetchable() {
        lock.lock();
        try {
            List<Task> tasks = new ArrayList<>();
            for (AssignedPartition partition : partitions.values()) {
                if (partition.isFetchable()) {
                    tasks.add(task(partition));
                }
            }
            return tasks;
        } finally {
            lock.unlock();
        }
    }

    private static Task task(AssignedPartition partition) {
        return new Task(
                partition.id,
                partition.version,
                partition.fetchOffset,
                partition.reset.orElse(OffsetReset.NONE));
    }

    /** Changes a partition unless it has jumped, or is no longer read, since the task was made. */
    void update(Task task, Change how) {
        locked(() -> {
            AssignedPartition partition = partitions.get(task.partition());
            if (partition != null && partition.version == task.version()) {
                how.apply(partition);
            }
        });
    }

    /** Takes in what was fetched, unless the partition has jumped since. */
    void deliver(Task task, FetchedChunk chunk) {
        update(
                task,
                partition -> {
                    partition.fetchOffset = chunk.nextOffset();
                    chunks.add(chunk);
                    bufferedBytes += chunk.sizeBytes();
                });
    }

    long bufferedBytes() {
        lock.lock();
        try {
            return bufferedBytes;
        } finally {
            lock.unlock();
        }
    }

    // ---- the caller's side

    /** The oldest chunk that is still of use; it stays until {@link #finish}. */
    @Nullable FetchedChunk peek() {
        lock.lock();
        try {
            return chunks.peek();
        } finally {
            lock.unlock();
        }
    }

    /** Notes how far the caller is in the oldest chunk. */
    void advance(FetchedChunk chunk, long position) {
        locked(() -> {
            AssignedPartition partition = partitions.get(chunk.partition());
            if (partition != null && partition.version == chunk.version()) {
                partition.position = position;
            }
        });
    }

    /** Drops a chunk that is read to its end. */
    void finish(FetchedChunk chunk) {
        locked(() -> {
            if (chunks.remove(chunk)) {
                bufferedBytes -= chunk.sizeBytes();
            }
            chunk.close();
        });
    }

    /** Drops a chunk that cannot be read on, and all behind it: they will be fetched again. */
    void abandon(FetchedChunk chunk) {
        locked(() -> {
            AssignedPartition partition = partitions.get(chunk.partition());
            if (partition != null && partition.version == chunk.version()) {
                partition.refetch();
            }
            dropStale();
        });
    }

    /**
     * Waits until something changes that the caller could be waiting for, or until the deadline.
     */
    void await(BooleanSupplier enough, Deadline deadline) {
        lock.lock();
        try {
            while (!woken && chunks.isEmpty() && !enough.getAsBoolean() && !deadline.isOver()) {
                long unused = changed.awaitNanos(deadline.remainingNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientInterruptedException("interrupted while waiting for records", e);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the position is known or cannot be found, or until the deadline. */
    void awaitPosition(TopicPartition id, Deadline deadline) {
        lock.lock();
        try {
            while (require(id).position == AssignedPartition.UNKNOWN
                    && require(id).failure == null
                    && !deadline.isOver()) {
                long unused = changed.awaitNanos(deadline.remainingNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientInterruptedException("interrupted while looking up a position", e);
        } finally {
            lock.unlock();
        }
    }

    boolean hasFailure() {
        lock.lock();
        try {
            return partitions.values().stream().anyMatch(partition -> partition.failure != null);
        } finally {
            lock.unlock();
        }
    }

    /** Lets the caller's thread look again. */
    void signal() {
        locked(() -> {});
    }

    void wakeup() {
        locked(() -> woken = true);
    }

    /** Whether there was a wakeup since the last time that this was asked. */
    boolean takeWakeup() {
        lock.lock();
        try {
            boolean was = woken;
            woken = false;
            return was;
        } finally {
            lock.unlock();
        }
    }

    private void dropStale() {
        for (Iterator<FetchedChunk> each = chunks.iterator(); each.hasNext(); ) {
            FetchedChunk chunk = each.next();
            AssignedPartition partition = partitions.get(chunk.partition());
            if (partition == null || partition.version != chunk.version()) {
                each.remove();
                bufferedBytes -= chunk.sizeBytes();
                chunk.close();
            }
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
