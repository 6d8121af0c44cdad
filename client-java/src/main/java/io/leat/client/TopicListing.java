package io.leat.client;

import java.util.UUID;

/**
 * A topic in a list.
 *
 * @param name its name
 * @param id its id, which no other topic ever had, not even one of the same name
 * @param partitionCount how many partitions it has
 * @param replicationFactor how many copies of each
 * @param internal whether the brokers keep their own state in it
 */
public record TopicListing(
        String name, UUID id, int partitionCount, int replicationFactor, boolean internal) {}
