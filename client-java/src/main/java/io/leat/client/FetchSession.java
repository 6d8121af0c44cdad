package io.leat.client;

import io.leat.wire.ErrorCode;
import io.leat.wire.message.FetchRequest;
import io.leat.wire.message.FetchResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a broker remembers of this consumer's fetches, so that each names only what has changed
 * since the one before (KIP-227). One for each broker, with one fetch on the way at most.
 */
final class FetchSession {
    private static final int NO_SESSION = 0;
    private static final int FIRST_EPOCH = 0;
    private static final int UNKNOWN_EPOCH = -1;
    private static final long UNKNOWN_OFFSET = -1;
    private static final int CONSUMER = -1;

    private final ConsumerOptions options;
    private final Map<TopicPartition, Long> remembered = new HashMap<>();
    private int sessionId = NO_SESSION;
    private int epoch = FIRST_EPOCH;

    FetchSession(ConsumerOptions options) {
        this.options = options;
    }

    /** The next request for these partitions and offsets, which the broker may let wait so long. */
    FetchRequest next(Map<TopicPartition, Long> offsets, Duration wait, int bytesMax) {
        boolean full = epoch == FIRST_EPOCH;
        Set<TopicPartition> changed = new HashSet<>();
        offsets.forEach((partition, offset) -> {
            if (full || !offset.equals(remembered.get(partition))) {
                changed.add(partition);
            }
        });
        Set<TopicPartition> forgotten = new HashSet<>(full ? Set.of() : remembered.keySet());
        forgotten.removeAll(offsets.keySet());
        remembered.keySet().retainAll(offsets.keySet());
        remembered.putAll(offsets);
        return new FetchRequest(
                null,
                CONSUMER,
                new FetchRequest.ReplicaState(CONSUMER, UNKNOWN_OFFSET),
                (int) wait.toMillis(),
                options.fetchBytesMin(),
                bytesMax,
                options.isolation().wire(),
                sessionId,
                epoch,
                Requests.byTopic(
                        changed,
                        offsets,
                        this::partition,
                        (topic, parts) ->
                                new FetchRequest.FetchTopic(topic, Requests.NO_ID, parts)),
                Requests.byTopic(
                        forgotten,
                        TopicPartition::partition,
                        (topic, parts) ->
                                new FetchRequest.ForgottenTopic(topic, Requests.NO_ID, parts)),
                "");
    }

    private FetchRequest.FetchPartition partition(int number, long offset) {
        return new FetchRequest.FetchPartition(
                number,
                UNKNOWN_EPOCH,
                offset,
                UNKNOWN_EPOCH,
                UNKNOWN_OFFSET,
                options.partitionBytesMax(),
                Requests.NO_ID,
                Long.MAX_VALUE);
    }

    /** Takes note of an answer; says whether it has anything to read. */
    boolean accept(FetchResponse answer) {
        if (answer.errorCode() != ErrorCode.NONE.code()) {
            reset();
            return false;
        }
        if (answer.sessionId() == NO_SESSION) {
            reset();
            return true;
        }
        sessionId = answer.sessionId();
        // Behind the largest comes 1: 0 would start a new session.
        epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
        return true;
    }

    /** A partition's answer was of no use: it has to be named again. */
    void forget(TopicPartition partition) {
        remembered.remove(partition);
    }

    /** Starts over with a full fetch. */
    void reset() {
        sessionId = NO_SESSION;
        epoch = FIRST_EPOCH;
        remembered.clear();
    }
}
