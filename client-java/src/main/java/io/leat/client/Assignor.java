package io.leat.client;

/**
 * How the members of a group share out partitions. The group uses one that all its members offer.
 */
public enum Assignor {
    /**
     * Of each topic, every member gets a run of neighbouring partitions: those of equal number of
     * several topics meet.
     */
    RANGE("range", false),
    /** All partitions of all topics, dealt out one by one. */
    ROUND_ROBIN("roundrobin", false),
    /**
     * Even, and with as few moves as can be. Members that offer nothing else keep working on the
     * partitions that stay with them while the others move (KIP-429).
     */
    COOPERATIVE_STICKY("cooperative-sticky", true);

    private final String protocolName;
    private final boolean cooperative;

    Assignor(String protocolName, boolean cooperative) {
        this.protocolName = protocolName;
        this.cooperative = cooperative;
    }

    /** The name in the protocol, the same as Apache Kafka's clients use. */
    public String protocolName() {
        return protocolName;
    }

    boolean isCooperative() {
        return cooperative;
    }

    AssignmentRule rule() {
        return switch (this) {
            case RANGE -> new RangeRule();
            case ROUND_ROBIN -> new RoundRobinRule();
            case COOPERATIVE_STICKY -> new StickyRule();
        };
    }
}
