package io.leat.broker.group.member;

import java.util.function.Predicate;

/** From when the retention of a group's offsets counts (KIP-211). */
public sealed interface Retention {
    /** Of all offsets: since the group has no members. */
    record SinceEmpty(long sinceMillis) implements Retention {}

    /**
     * Of each offset: since its commit.
     *
     * @param inUse the topics that members read, whose offsets stay
     */
    record SinceCommit(Predicate<String> inUse) implements Retention {}

    /** Offsets do not expire now. */
    record Not() implements Retention {}
}
