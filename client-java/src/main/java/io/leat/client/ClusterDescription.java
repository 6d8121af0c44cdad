package io.leat.client;

import java.util.List;
import java.util.Optional;

/**
 * A cluster.
 *
 * @param id its own id
 * @param controller the broker that takes changes of topics, if one is named
 * @param nodes the brokers, by id
 */
public record ClusterDescription(String id, Optional<Node> controller, List<Node> nodes) {}
