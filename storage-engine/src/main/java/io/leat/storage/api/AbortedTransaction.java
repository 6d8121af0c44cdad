package io.leat.storage.api;

/**
 * A transaction whose records never happened: a reader drops the producer's transactional batches
 * from the first offset on, up to the producer's next abort marker.
 *
 * @param producerId whose it was
 * @param firstOffset the offset of its first record
 */
public record AbortedTransaction(long producerId, long firstOffset) {}
