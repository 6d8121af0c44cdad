package io.leat.broker.access;

/** What nobody may do, whoever it is: the audit is written by the broker alone. */
public final class Reserved {
    /** The topic that tells who changed what and who was refused. */
    public static final String AUDIT_TOPIC = "__leat_audit";

    private static final int BROKERS_OWN =
            Operation.WRITE.bit()
                    | Operation.CREATE.bit()
                    | Operation.DELETE.bit()
                    | Operation.ALTER.bit();

    private Reserved() {}

    /** Takes from {@code operations} what is the broker's alone. */
    public static int strip(ResourceType type, String name, int operations) {
        return type == ResourceType.TOPIC && name.equals(AUDIT_TOPIC)
                ? operations & ~BROKERS_OWN
                : operations;
    }
}
