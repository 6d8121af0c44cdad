package io.leat.broker.coordinator;

/** Why a coordinator could not decide on a command. Nothing was changed; it may be asked again. */
public enum Unavailable {
    /** The bound on waiting commands is reached. */
    OVERLOADED,
    /** The heap that states may take is taken, and it would take more. */
    FULL,
    /** The state could not be written. */
    STORAGE_FAILED,
    /** The rules failed on this command; the log says how. */
    RULE_FAILED,
    /** The loop has stopped. */
    CLOSED
}
