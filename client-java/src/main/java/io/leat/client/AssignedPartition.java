package io.leat.client;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a consumer is in one partition. Guarded by the lock of its {@link Assignment}. */
final class AssignedPartition {
    /** What has to be found out before the partition can be read. */
    enum Need {
        /** Nothing. */
        NOTHING,
        /** The offset that the group has committed. */
        COMMITTED,
        /** The offset that {@link #reset} stands for. */
        RESET
    }

    /** Not known. */
    static final long UNKNOWN = -1;

    final TopicPartition id;

    /** Goes up with every jump: what was asked for before it is of no use. */
    int version;

    /** The next record that goes to the caller. */
    long position = UNKNOWN;

    /** The next record to ask the broker for; ahead of {@link #position} by what is buffered. */
    long fetchOffset = UNKNOWN;

    Need need = Need.COMMITTED;
    Optional<OffsetReset> reset = Optional.empty();
    boolean lookingUp;
    boolean paused;
    @Nullable RuntimeException failure;

    AssignedPartition(TopicPartition id) {
        this.id = id;
    }

    void jumpTo(long offset) {
        version++;
        position = offset;
        fetchOffset = offset;
        need = Need.NOTHING;
        lookingUp = false;
        failure = null;
    }

    void lookUp(OffsetReset where) {
        version++;
        position = UNKNOWN;
        fetchOffset = UNKNOWN;
        need = Need.RESET;
        reset = Optional.of(where);
        lookingUp = false;
        failure = null;
    }

    /** Forgets what was fetched ahead. */
    void refetch() {
        version++;
        fetchOffset = position;
    }

    boolean isFetchable() {
        return need == Need.NOTHING && !paused && failure == null;
    }
}
