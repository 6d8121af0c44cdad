package io.leat.broker.group.member;

import io.leat.wire.ErrorCode;
import java.util.Optional;

/** What the rest of the broker asks of a group's members, whatever their protocol. Immutable. */
public interface Roster {
    /** The group's state as ListGroups names it. */
    String state();

    /** Whether there are no members. */
    boolean isEmpty();

    /** Whether a group that is nothing but this, without any offsets, can be forgotten. */
    default boolean isForgettable() {
        return isEmpty();
    }

    int size();

    /** Goes up with every change of the members or of what they own; never down. */
    int epoch();

    /** The protocol type as ListGroups names it; empty for a group that only has offsets. */
    Optional<String> protocolType();

    /**
     * Whether {@code asker} may commit offsets.
     *
     * @param epoch the generation or member epoch that it names; -1 from those who are no members
     * @param inTransaction whether the offsets count once a transaction is committed
     * @return why not, or empty
     */
    Optional<ErrorCode> refuseCommit(Identity asker, int epoch, boolean inTransaction);

    /**
     * Whether {@code asker} may read the group's offsets as a member.
     *
     * @param epoch the member epoch that it names
     * @return why not, or empty
     */
    Optional<ErrorCode> refuseFetch(Identity asker, int epoch);

    /**
     * Whether offsets can be deleted while there are members, in topics that none of them reads.
     */
    boolean knowsSubscriptions();

    /** Whether a member reads {@code topic}, or may. */
    boolean mayRead(String topic);

    Retention retention();

    /** How much heap it takes, roughly. */
    long heapBytes();

    /**
     * Checks what holds between decisions.
     *
     * @throws IllegalStateException when it does not
     */
    void check();
}
