package io.leat.broker.api;

/**
 * Holds clients to their quotas: told of what they use, it asks the request's scope to throttle the
 * connection. Any thread; returns at once.
 */
public interface Throttle {
    /** Bytes of records were produced. */
    void produced(RequestContext context, long bytes);

    /** Bytes of records are on their way to a consumer. */
    void fetched(RequestContext context, long bytes);

    /** How many bytes one answer to a fetch may have: {@code wanted}, or fewer. */
    int fetchBytesMax(RequestContext context, int wanted);

    /** Whether {@link #worked} wants to be told. */
    boolean timed();

    /** A request has kept its event loop busy. */
    void worked(RequestContext context, long nanos);

    /**
     * What a request may create and delete.
     *
     * @param strict whether the client knows THROTTLING_QUOTA_EXCEEDED (KIP-599); others are
     *     throttled afterwards, and not refused
     */
    Mutations mutations(RequestContext context, boolean strict);

    /** A request's use of the quota for creating and deleting. */
    @FunctionalInterface
    interface Mutations {
        Mutations UNLIMITED = partitions -> true;

        /** Takes so many partitions; false when they must not be created or deleted now. */
        boolean take(int partitions);
    }

    /** Nobody has a quota. */
    Throttle NONE =
            new Throttle() {
                @Override
                public void produced(RequestContext context, long bytes) {}

                @Override
                public void fetched(RequestContext context, long bytes) {}

                @Override
                public int fetchBytesMax(RequestContext context, int wanted) {
                    return wanted;
                }

                @Override
                public boolean timed() {
                    return false;
                }

                @Override
                public void worked(RequestContext context, long nanos) {}

                @Override
                public Mutations mutations(RequestContext context, boolean strict) {
                    return Mutations.UNLIMITED;
                }
            };
}
