package io.leat.broker.share;

/** How records of a run stand, all the same. */
sealed interface Standing {
    /** Nothing to be done any more: accepted, archived, or no record at all. */
    record Settled() implements Standing {
        static final Settled SETTLED = new Settled();
    }

    /**
     * May be delivered again.
     *
     * @param deliveries how often it was
     */
    record Available(int deliveries) implements Standing {}

    /**
     * A member has them.
     *
     * @param deliveries how often they were delivered, this time included
     * @param lock which lock holds them; it ends with its alarm
     */
    record Acquired(String memberId, int deliveries, long lock) implements Standing {}

    /**
     * On the way to the dead-letter topic.
     *
     * @param deliveries how often they were delivered
     * @param sequence the number of the run's first record among all dead letters of the group and
     *     partition; they are written in that order
     */
    record Archiving(int deliveries, DeathCause cause, long sequence) implements Standing {}
}
