package io.leat.broker.api;

import io.leat.broker.access.Access;
import io.leat.broker.access.Operation;
import io.leat.broker.access.ResourceType;

/** What a client may do, as the bits of Kafka's AclOperation codes (KIP-430). */
public final class AuthorizedOperations {
    /** Says that the client did not ask. */
    public static final int NOT_ASKED = Integer.MIN_VALUE;

    private AuthorizedOperations() {}

    static int onTopic(Access access, String name) {
        return access.operations(ResourceType.TOPIC, name);
    }

    /** Nothing for who may not even describe the cluster. */
    static int onCluster(Access access, boolean asked) {
        if (!asked) {
            return NOT_ASKED;
        }
        int operations = access.operations(ResourceType.CLUSTER, ResourceType.CLUSTER_NAME);
        return (operations & Operation.DESCRIBE.bit()) == 0 ? 0 : operations;
    }

    public static int onGroup(Access access, String groupId, boolean asked) {
        return asked ? access.operations(ResourceType.GROUP, groupId) : NOT_ASKED;
    }
}
