package io.leat.client;

import java.util.Optional;
import java.util.function.IntSupplier;
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

    private final IntSupplier versions;

    /** Another one after every jump: what was asked for before it is of no use. */
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

    /**
     * @param versions gives one that no partition had before: what was asked for by one that was
     *     taken away must not be taken for an answer by one that came back
     */
    AssignedPartition(TopicPartition id, IntSupplier versions) {
        this.id = id;
        this.versions = versions;
        this.version = versions.getAsInt();
    }

    void jumpTo(long offset) {
        version = versions.getAsInt();
        position = offset;
        fetchOffset = offset;
        need = Need.NOTHING;
        lookingUp = false;
        failure = null;
    }

    void lookUp(OffsetReset where) {
        version = versions.getAsInt();
        position = UNKNOWN;
        fetchOffset = UNKNOWN;
        need = Need.RESET;
        reset = Optional.of(where);
        lookingUp = false;
        failure = null;
    }

    /** Forgets what was fetched ahead. While the position is looked up nothing is. */
    void refetch() {
        if (need == Need.NOTHING) {
            version = versions.getAsInt();
            fetchOffset = position;
        }
    }

    boolean isFetchable() {
        return need == Need.NOTHING && !paused && failure == null;
    }
}
