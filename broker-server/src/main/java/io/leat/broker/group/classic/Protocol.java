package io.leat.broker.group.classic;

/**
 * A way to assign partitions that a member supports.
 *
 * @param name such as {@code range}
 * @param metadata the member's subscription, for the group's leader
 */
public record Protocol(String name, Bytes metadata) {}
