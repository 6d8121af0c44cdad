package io.leat.storage.api;

/**
 * Where the producers that a log remembers have left their traces: the batches with their last
 * sequences, and, for a producer whose epoch has no batch yet, the marker with that epoch.
 * Immutable.
 */
public interface ProducerTraces {
    /** Whether a producer is known by the batch of records that ends at this offset. */
    boolean batch(long lastOffset);

    /** Whether a producer's epoch is known by markers of it alone. */
    boolean marker(long producerId, short producerEpoch);
}
