package io.leat.broker.group.member;

/**
 * The client that a member is part of.
 *
 * @param host as Kafka shows it, such as {@code /127.0.0.1}
 */
public record Client(String id, String host) {}
