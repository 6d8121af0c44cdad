package io.leat.broker.topic;

import java.util.Map;

/**
 * A topic to be created.
 *
 * @param name its name
 * @param partitions how many
 * @param configs what differs from the broker's defaults
 */
public record NewTopic(String name, int partitions, Map<String, String> configs) {}
