package io.leat.broker.api;

import io.leat.broker.topic.TopicException;
import io.leat.wire.ErrorCode;

/** The broker as a resource of the config APIs, named by its number. */
final class BrokerResource {
    private BrokerResource() {}

    /**
     * Checks that {@code name} is this broker's number.
     *
     * @throws TopicException INVALID_REQUEST
     */
    static void check(String name, int nodeId) {
        if (!name.equals(Integer.toString(nodeId))) {
            throw new TopicException(
                    ErrorCode.INVALID_REQUEST, "There is no broker '" + name + "', only " + nodeId);
        }
    }
}
