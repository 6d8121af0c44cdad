package io.leat.broker.group.consumer;

import io.leat.broker.group.assign.PartitionSet;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where a member is on its way to its target. Immutable.
 *
 * @param epoch the member's epoch, {@link #AWAY} for a static member that left and will be back
 * @param previousEpoch the one before, that of a member that has not heard of the last change
 * @param assigned what it owns, or may own as soon as it hears of it
 * @param revoking what it may still own and was told to give up; not in {@code assigned}
 */
public record Standing(
        int epoch, int previousEpoch, State state, PartitionSet assigned, PartitionSet revoking) {
    /** The epoch of a static member that left and will be back. */
    public static final int AWAY = -2;

    static final Standing NEW =
            new Standing(0, 0, State.STABLE, PartitionSet.NONE, PartitionSet.NONE);

    static Standing owning(int epoch, PartitionSet own) {
        return new Standing(epoch, epoch, State.STABLE, own, PartitionSet.NONE);
    }

    /** What keeps a member from its target. */
    public enum State {
        /** Nothing, or the target is newer than what the member knows. */
        STABLE(0),
        /** It has to give partitions up. */
        UNREVOKED(1),
        /** Partitions in its target are still held by others. */
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

    /** How much heap it takes, roughly. */
    long heapBytes() {
        return assigned.heapBytes() + revoking.heapBytes();
    }

    /** All that nobody else may have. */
    public PartitionSet held() {
        return assigned.plus(revoking);
    }

    boolean isAway() {
        return epoch == AWAY;
    }

    Standing away() {
        return new Standing(AWAY, AWAY, State.STABLE, assigned, PartitionSet.NONE);
    }

    /** Back from being away, or in the place of another: owns nothing yet, and may have it all. */
    Standing back() {
        return new Standing(0, 0, State.STABLE, assigned, PartitionSet.NONE);
    }

    private Standing at(int newEpoch, State newState, PartitionSet own, PartitionSet giveUp) {
        return new Standing(
                newEpoch, newEpoch == epoch ? previousEpoch : epoch, newState, own, giveUp);
    }

    /**
     * Takes a member further towards its target, as far as it can go now.
     *
     * @param owned what the member says that it owns; empty when it does not say
     * @param targetEpoch the epoch of the target
     * @param target what it is to own
     * @param free of some partitions, those that no other member holds
     */
    Standing towards(
            Optional<PartitionSet> owned,
            int targetEpoch,
            PartitionSet target,
            UnaryOperator<PartitionSet> free) {
        return switch (state) {
            case STABLE ->
                    epoch == targetEpoch ? this : next(epoch, owned, targetEpoch, target, free);
            case UNREVOKED ->
                    owned.isEmpty() || owned.get().intersects(revoking)
                            ? this
                            // It has given all up, which is an epoch of its own: commits of what it
                            // had are refused from here on.
                            : next(epoch + 1, owned, targetEpoch, target, free);
            case UNRELEASED -> next(epoch, owned, targetEpoch, target, free);
        };
    }

    private Standing next(
            int reached,
            Optional<PartitionSet> owned,
            int targetEpoch,
            PartitionSet target,
            UnaryOperator<PartitionSet> free) {
        PartitionSet kept = assigned.and(target);
        PartitionSet giveUp = assigned.minus(target);
        if (!giveUp.isEmpty() && (owned.isEmpty() || owned.get().intersects(giveUp))) {
            return at(reached, State.UNREVOKED, kept, giveUp);
        }
        PartitionSet wanted = target.minus(kept);
        PartitionSet taken = wanted.isEmpty() ? wanted : free.apply(wanted);
        return at(
                targetEpoch,
                taken.equals(wanted) ? State.STABLE : State.UNRELEASED,
                kept.plus(taken),
                PartitionSet.NONE);
    }
}
