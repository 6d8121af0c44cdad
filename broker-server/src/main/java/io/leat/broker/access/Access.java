package io.leat.broker.access;

/**
 * What one client may do, as of now: a change of the rules shows at once. Any thread; answers
 * without waiting, and without allocating where it was asked the same before.
 */
public interface Access {
    /** May do everything: nobody said who may what. */
    Access OPEN =
            new Access() {
                @Override
                public int operations(ResourceType type, String name) {
                    return Reserved.strip(type, name, type.operations());
                }

                @Override
                public boolean mayAnywhere(Operation operation, ResourceType type) {
                    return true;
                }

                @Override
                public void denied(Operation operation, ResourceType type, String name) {}
            };

    /** What may be done to a resource, as bits; see {@link Operation#bit}. */
    int operations(ResourceType type, String name);

    /** Whether {@code operation} is allowed on at least one resource of the type. */
    boolean mayAnywhere(Operation operation, ResourceType type);

    /** Takes note that the client wanted what it may not. */
    void denied(Operation operation, ResourceType type, String name);

    /** Whether {@code operation} is allowed; a client that wants it notices when it is not. */
    default boolean may(Operation operation, ResourceType type, String name) {
        boolean allowed = sees(operation, type, name);
        if (!allowed) {
            denied(operation, type, name);
        }
        return allowed;
    }

    /** Whether {@code operation} is allowed on the cluster. */
    default boolean mayOnCluster(Operation operation) {
        return may(operation, ResourceType.CLUSTER, ResourceType.CLUSTER_NAME);
    }

    /** Whether a topic may be made: by the right to make any, or one of that name. */
    default boolean mayCreateTopic(String name) {
        boolean any = sees(Operation.CREATE, ResourceType.CLUSTER, ResourceType.CLUSTER_NAME);
        return (any && !name.equals(Reserved.AUDIT_TOPIC))
                || may(Operation.CREATE, ResourceType.TOPIC, name);
    }

    /** The same as {@link #may}, of things that are left out silently: no denial is noted. */
    default boolean sees(Operation operation, ResourceType type, String name) {
        return (operations(type, name) & operation.bit()) != 0;
    }
}
