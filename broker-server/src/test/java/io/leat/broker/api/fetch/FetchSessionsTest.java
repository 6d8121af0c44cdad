package io.leat.broker.api.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.LogSlice;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.FetchRequest;
import io.leat.wire.message.FetchRequest.FetchPartition;
import io.leat.wire.message.FetchRequest.FetchTopic;
import io.leat.wire.message.FetchRequest.ForgottenTopic;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** KIP-227, rule by rule. */
class FetchSessionsTest {
    private static final short VERSION = 12;
    private static final UUID NO_ID = new UUID(0, 0);

    private long now = 1_000_000;
    private final FetchSessions sessions = new FetchSessions(2, () -> Instant.ofEpochMilli(now));

    @Test
    void withoutASessionNothingIsRemembered() {
        FetchPlan plan = sessions.plan(VERSION, request(0, -1, "a", 0, 1));
        assertInstanceOf(FetchPlan.Single.class, plan);
        assertEquals(2, plan.targets().size());
        assertEquals(0, sessions.size());
    }

    @Test
    void aSessionRemembersPartitionsAndTellsWhatChanged() {
        int id = open("a", 0, 1, 2);
        FetchPlan.Incremental next = incremental(sessions.plan(VERSION, request(id, 1)));
        assertEquals(3, next.targets().size());
        assertTrue(next.session().changed(results(next, 0)).isEmpty());

        FetchPlan.Incremental more = incremental(sessions.plan(VERSION, request(id, 2, "a", 7)));
        assertEquals(4, more.targets().size());
        List<FetchResult> changed = more.session().changed(results(more, 5));
        assertEquals(4, changed.size(), "the high watermark moved");

        FetchPlan.Incremental less =
                incremental(
                        sessions.plan(
                                VERSION,
                                request(
                                        id,
                                        3,
                                        List.of(new ForgottenTopic("a", NO_ID, List.of(1, 7))))));
        assertEquals(
                List.of(0, 2),
                less.targets().stream().map(target -> target.key().partition()).toList());
        assertEquals(2, sessions.partitionCount());
    }

    @Test
    void partitionsWithRecordsGoToTheEnd() {
        int id = open("a", 0, 1, 2);
        FetchPlan.Incremental plan = incremental(sessions.plan(VERSION, request(id, 1)));
        List<FetchResult> results =
                plan.targets().stream()
                        .map(target ->
                                result(
                                        target,
                                        0,
                                        target.key().partition() == 0
                                                ? Optional.of(new OneByte())
                                                : Optional.empty()))
                        .toList();
        assertEquals(1, plan.session().changed(results).size());
        FetchPlan.Incremental next = incremental(sessions.plan(VERSION, request(id, 2)));
        assertEquals(
                List.of(1, 2, 0),
                next.targets().stream().map(target -> target.key().partition()).toList());
    }

    @Test
    void anErrorIsToldAgainUntilItIsGoneAndThenThatItIs() {
        int id = open("a", 0);
        FetchPlan.Incremental plan = incremental(sessions.plan(VERSION, request(id, 1)));
        FetchResult error =
                FetchResult.failed(plan.targets().getFirst(), ErrorCode.KAFKA_STORAGE_ERROR);
        assertEquals(1, plan.session().changed(List.of(error)).size());
        assertEquals(1, plan.session().changed(List.of(error)).size());
        assertEquals(1, plan.session().changed(results(plan, 0)).size());
        assertEquals(0, plan.session().changed(results(plan, 0)).size());
    }

    @Test
    void aWrongEpochIsRefused() {
        int id = open("a", 0);
        assertRefused(ErrorCode.INVALID_FETCH_SESSION_EPOCH, VERSION, request(id, 2));
        assertRefused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND, VERSION, request(id + 1, 1));
        assertRefused(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR, (short) 13, request(id, 1));
        assertInstanceOf(FetchPlan.Incremental.class, sessions.plan(VERSION, request(id, 1)));
        assertRefused(ErrorCode.INVALID_FETCH_SESSION_EPOCH, VERSION, request(id, 1));
    }

    @Test
    void aSessionEndsOnRequestOrWhenNothingIsLeft() {
        int closed = open("a", 0);
        assertInstanceOf(FetchPlan.Single.class, sessions.plan(VERSION, request(closed, -1)));
        assertEquals(0, sessions.size());
        int emptied = open("a", 0);
        assertInstanceOf(
                FetchPlan.Single.class,
                sessions.plan(
                        VERSION,
                        request(emptied, 1, List.of(new ForgottenTopic("a", NO_ID, List.of(0))))));
        assertEquals(0, sessions.size());
        assertEquals(0, sessions.partitionCount());
    }

    @Test
    void aNewSessionReplacesTheOneItsClientHad() {
        int first = open("a", 0);
        FetchPlan plan = sessions.plan(VERSION, request(first, 0, "a", 0));
        int second = sessions.open((FetchPlan.Opening) plan, results(plan, 0));
        assertNotEquals(first, second);
        assertEquals(1, sessions.size());
    }

    @Test
    void aFullCacheMakesRoomForNobodyButSilentOrSmallOldOnes() {
        int small = open("a", 0);
        int large = open("b", 0, 1, 2, 3);
        assertEquals(0, open("c", 0, 1), "both are young");
        now += FetchSessions.SILENT_MILLIS;
        assertInstanceOf(FetchPlan.Incremental.class, sessions.plan(VERSION, request(small, 1)));
        assertInstanceOf(FetchPlan.Incremental.class, sessions.plan(VERSION, request(large, 1)));
        assertEquals(0, open("c", 0), "no larger than the smallest");
        assertNotEquals(0, open("c", 0, 1), "larger than the smallest");
        assertRefused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND, VERSION, request(small, 2));
        now += FetchSessions.SILENT_MILLIS;
        assertNotEquals(0, open("d", 0), "the longest silent one leaves");
        assertEquals(2, sessions.size());
    }

    // ---- requests and results

    private int open(String topic, Integer... partitions) {
        FetchPlan plan = sessions.plan(VERSION, request(0, 0, topic, partitions));
        return sessions.open((FetchPlan.Opening) plan, results(plan, 0));
    }

    private void assertRefused(ErrorCode error, short version, FetchRequest request) {
        assertEquals(
                error,
                assertInstanceOf(FetchPlan.Refused.class, sessions.plan(version, request)).error());
    }

    private static FetchPlan.Incremental incremental(FetchPlan plan) {
        return assertInstanceOf(FetchPlan.Incremental.class, plan);
    }

    private static List<FetchResult> results(FetchPlan plan, long highWatermark) {
        return plan.targets().stream()
                .map(target -> result(target, highWatermark, Optional.empty()))
                .toList();
    }

    private static FetchResult result(
            FetchTarget target, long highWatermark, Optional<LogSlice> slice) {
        return new FetchResult(
                target, ErrorCode.NONE, highWatermark, highWatermark, 0, slice, List.of());
    }

    private static FetchRequest request(
            int session, int epoch, String topic, Integer... partitions) {
        List<FetchPartition> asked =
                Arrays.stream(partitions)
                        .map(number -> new FetchPartition(number, -1, 0, -1, -1, 1000, NO_ID, 0))
                        .toList();
        return request(session, epoch, List.of(new FetchTopic(topic, NO_ID, asked)), List.of());
    }

    private static FetchRequest request(int session, int epoch) {
        return request(session, epoch, List.of(), List.of());
    }

    private static FetchRequest request(int session, int epoch, List<ForgottenTopic> forgotten) {
        return request(session, epoch, List.of(), forgotten);
    }

    private static FetchRequest request(
            int session, int epoch, List<FetchTopic> topics, List<ForgottenTopic> forgotten) {
        return new FetchRequest(
                null,
                -1,
                new FetchRequest.ReplicaState(-1, -1),
                0,
                1,
                1000,
                (byte) 0,
                session,
                epoch,
                topics,
                forgotten,
                "");
    }

    private static final class OneByte implements LogSlice {
        @Override
        public int sizeBytes() {
            return 1;
        }

        @Override
        public ByteBuffer bytes() {
            return ByteBuffer.allocate(1);
        }

        @Override
        public Optional<FileRange> fileRange() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }
}
