package io.leat.broker.group.member;

import java.util.Optional;

/**
 * Who asks.
 *
 * @param memberId empty when the asker has none yet
 * @param instanceId Kafka's {@code group.instance.id}, of static members (KIP-345)
 */
public record Identity(String memberId, Optional<String> instanceId) {}
