package io.leat.client;

/**
 * A group in a list.
 *
 * @param groupId its id
 * @param protocolType what its members do, {@code consumer} for consumers; empty without members
 * @param state such as {@code Stable}, {@code PreparingRebalance} or {@code Empty}
 */
public record GroupListing(String groupId, String protocolType, String state) {}
