package io.leat.storage.api;

/**
 * Figures about a log, for people and metrics.
 *
 * @param sizeBytes bytes of records on disk
 * @param segmentCount how many segments hold them
 * @param producerCount how many idempotent producers are remembered
 */
public record LogDetails(long sizeBytes, int segmentCount, int producerCount) {}
