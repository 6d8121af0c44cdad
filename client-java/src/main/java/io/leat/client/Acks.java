package io.leat.client;

/** When a sent record counts as delivered. */
public enum Acks {
    /**
     * Not waited for at all: records may be lost without a sign, and their offsets stay unknown.
     */
    NONE(0),
    /** When the partition's leader has written it. */
    LEADER(1),
    /** When it is as safe as the topic asks: on all in-sync replicas; with Leat, on disk. */
    ALL(-1);

    private final short wire;

    Acks(int wire) {
        this.wire = (short) wire;
    }

    short wire() {
        return wire;
    }
}
