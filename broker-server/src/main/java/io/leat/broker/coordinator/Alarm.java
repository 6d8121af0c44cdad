package io.leat.broker.coordinator;

/**
 * A command that a transition has delivered later, or no longer wants delivered. An entity has at
 * most one alarm for any command (by {@code equals}): setting it again moves it.
 */
public sealed interface Alarm<C> {
    C command();

    /**
     * Deliver {@code command} when {@code delayMillis} have passed.
     *
     * @param delayMillis 0 or more
     */
    record Set<C>(C command, long delayMillis) implements Alarm<C> {
        public Set {
            if (delayMillis < 0) {
                throw new IllegalArgumentException("delay must not be negative: " + delayMillis);
            }
        }
    }

    /** Do not deliver {@code command}. */
    record Cancel<C>(C command) implements Alarm<C> {}
}
