package io.leat.broker.group.streams;

import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where a member is on its way to its target. Immutable.
 *
 * @param epoch the member's epoch, {@link #AWAY} for a static member that left and will be back
 * @param previousEpoch the one before, that of a member that has not heard of the last change
 * @param loyalEpoch from which epoch on it has given nothing up: its commits hold since then; the
 *     one after its own while it can have nothing in its own
 * @param assigned what it owns, or may own as soon as it hears of it
 * @param revoking what it may still own and was told to give up; not in {@code assigned}
 */
public record Standing(
        int epoch, int previousEpoch, int loyalEpoch, State state, Tasks assigned, Tasks revoking) {
    /** The epoch of a static member that left and will be back. */
    public static final int AWAY = -2;

    static final Standing NEW = new Standing(0, 0, 0, State.STABLE, Tasks.NONE, Tasks.NONE);

    /** How much heap it takes, roughly. */
    long heapBytes() {
        return assigned.heapBytes() + revoking.heapBytes();
    }

    /** What keeps a member from its target. */
    public enum State {
        /** Nothing, or the target is newer than what the member knows. */
        STABLE(0),
        /** It has to give tasks up. */
        UNREVOKED(1),
        /** Tasks in its target are still held by others. */
        UNRELEASED(2);

        private final byte code;

        State(int code) {
            this.code = (byte) code;
        }

        byte code() {
            return code;
        }

        static Optional<State> of(byte code) {
            for (State state : values()) {
                if (state.code == code) {
                    return Optional.of(state);
                }
            }
            return Optional.empty();
        }
    }

    /** All that it may have now. */
    public Tasks held() {
        return assigned.plus(revoking);
    }

    boolean isAway() {
        return epoch == AWAY;
    }

    Standing away() {
        return new Standing(AWAY, AWAY, AWAY, State.STABLE, assigned, Tasks.NONE);
    }

    /** Back from being away, or in the place of another: owns nothing yet, and may have it all. */
    Standing back() {
        return new Standing(0, 0, 0, State.STABLE, assigned, Tasks.NONE);
    }

    /** Whether what was done in {@code past} was done with tasks that it still has. */
    boolean isLoyalSince(int past) {
        return past <= epoch && past >= loyalEpoch;
    }

    /**
     * Takes a member further towards its target, as far as it can go now.
     *
     * @param owned what the member says that it owns; empty when it does not say
     * @param targetEpoch the epoch of the target
     * @param target what it is to own
     * @param free of some tasks, those that it may have now
     */
    Standing towards(
            Optional<Tasks> owned, int targetEpoch, Tasks target, UnaryOperator<Tasks> free) {
        return switch (state) {
            case STABLE ->
                    epoch == targetEpoch
                            ? this
                            : next(epoch, loyalEpoch, owned, targetEpoch, target, free);
            case UNREVOKED ->
                    owned.isEmpty() || owned.get().intersects(revoking)
                            ? this
                            // It has given all up, which is an epoch of its own: commits of what it
                            // had are refused from here on.
                            : next(epoch + 1, epoch + 1, owned, targetEpoch, target, free);
            case UNRELEASED -> next(epoch, loyalEpoch, owned, targetEpoch, target, free);
        };
    }

    private Standing next(
            int reached,
            int loyal,
            Optional<Tasks> owned,
            int targetEpoch,
            Tasks target,
            UnaryOperator<Tasks> free) {
        Tasks kept = assigned.and(target);
        Tasks giveUp = assigned.minus(target);
        if (!giveUp.isEmpty() && (owned.isEmpty() || owned.get().intersects(giveUp))) {
            return at(reached, loyal, State.UNREVOKED, kept, giveUp);
        }
        // Who comes, or has let go of what it is to give up, had another life before: what it did
        // there does not hold any more. That may have been in this very epoch, if the member is not
        // in the target, which is then from before it came.
        int fresh = target.isEmpty() ? targetEpoch + 1 : targetEpoch;
        int since = giveUp.isEmpty() && reached > 0 ? loyal : fresh;
        Tasks wanted = target.minus(kept);
        Tasks taken = wanted.isEmpty() ? wanted : free.apply(wanted);
        return at(
                targetEpoch,
                since,
                taken.equals(wanted) ? State.STABLE : State.UNRELEASED,
                kept.plus(taken),
                Tasks.NONE);
    }

    private Standing at(int newEpoch, int loyal, State newState, Tasks own, Tasks giveUp) {
        return new Standing(
                newEpoch, newEpoch == epoch ? previousEpoch : epoch, loyal, newState, own, giveUp);
    }
}
