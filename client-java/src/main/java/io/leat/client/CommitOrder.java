package io.leat.client;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The order in which a consumer has begun to commit: a commit that has to be repeated must not undo
 * one that was begun after it. Any thread.
 */
final class CommitOrder {
    private final AtomicLong begun = new AtomicLong();
    private final Map<TopicPartition, Long> latest = new ConcurrentHashMap<>();

    /** The number of a commit that begins now. */
    long begin(Collection<TopicPartition> partitions) {
        long number = begun.incrementAndGet();
        partitions.forEach(partition -> latest.merge(partition, number, Math::max));
        return number;
    }

    /** What of a commit no later one has replaced. */
    <T> Map<TopicPartition, T> left(long number, Map<TopicPartition, T> offsets) {
        Map<TopicPartition, T> left = new HashMap<>(offsets);
        left.keySet().removeIf(partition -> latest.getOrDefault(partition, number) > number);
        return left;
    }
}
