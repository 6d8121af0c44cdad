package io.leat.client;

/**
 * A group in a list.
 *
 * @param groupId its id
 * @param type by which protocol it lives; {@link GroupType#UNKNOWN} from brokers before Kafka 3.8
 * @param protocolType what its members do, {@code consumer} for consumers; empty without members
 * @param state such as {@code Stable}, {@code PreparingRebalance} or {@code Empty}
 */
public record GroupListing(String groupId, GroupType type, String protocolType, String state) {}
