package io.leat.broker.erasure;

import io.leat.compaction.erasure.KeyHash;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One erasure, as it is kept and shown. Immutable.
 *
 * @param id its name, chosen by the client
 * @param topic the topic's name when it was accepted
 * @param topicId the topic's id
 * @param keys the hashes of the keys
 * @param leaveTombstone whether tombstones stay behind
 * @param requestedBy who asked for it
 * @param acceptedMillis when it was accepted
 * @param partitions how many partitions the topic had then
 * @param state how it stands
 * @param problem why it failed, or what keeps it from going on at the moment
 * @param endedMillis when it ended, or -1
 * @param totals what it has done
 */
record Erasure(
        UUID id,
        String topic,
        UUID topicId,
        List<KeyHash> keys,
        boolean leaveTombstone,
        String requestedBy,
        long acceptedMillis,
        int partitions,
        State state,
        Optional<String> problem,
        long endedMillis,
        ErasureTotals totals) {
    static final long NOT_ENDED = -1;

    /** How an erasure stands. */
    enum State {
        RUNNING(0),
        /** All records are gone, as the files say. */
        DONE(1),
        /** Given up: records may be left. */
        FAILED(2),
        /** The topic was deleted, and all its records with it. */
        TOPIC_DELETED(3);

        private final byte code;

        State(int code) {
            this.code = (byte) code;
        }

        /** Its number on the wire and in the state store. */
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

    Erasure {
        keys = List.copyOf(keys);
    }

    /** As it stands while it runs. */
    Erasure at(ErasureTotals now, Optional<String> obstacle) {
        return with(State.RUNNING, obstacle, NOT_ENDED, now);
    }

    /** As it ended. */
    Erasure ended(State end, Optional<String> why, long millis, ErasureTotals result) {
        return with(end, why, millis, result);
    }

    private Erasure with(
            State nextState, Optional<String> nextProblem, long ended, ErasureTotals next) {
        return new Erasure(
                id,
                topic,
                topicId,
                keys,
                leaveTombstone,
                requestedBy,
                acceptedMillis,
                partitions,
                nextState,
                nextProblem,
                ended,
                next);
    }
}
