package io.leat.client;

import java.util.Collection;

/**
 * Hears what a group gives to a {@link Consumer} and takes from it. Called within {@link
 * Consumer#poll} and {@link Consumer#close}, on their thread; may use the consumer, such as to
 * commit. What it throws, {@code poll} throws.
 */
public interface RebalanceListener {
    /** Does nothing. */
    RebalanceListener NONE = new RebalanceListener() {};

    /**
     * These partitions are read from now on. Called after every rebalance; with members that offer
     * {@link Assignor#COOPERATIVE_STICKY} alone it names only what is new.
     */
    default void onAssigned(Collection<TopicPartition> partitions) {}

    /**
     * These partitions go to another member when this call returns; what is done so far can still
     * be committed.
     */
    default void onRevoked(Collection<TopicPartition> partitions) {}

    /**
     * These partitions are gone: the group has given this member up, another may read them already,
     * and commits are refused. Unless overridden, the same as {@link #onRevoked}.
     */
    default void onLost(Collection<TopicPartition> partitions) {
        onRevoked(partitions);
    }
}
