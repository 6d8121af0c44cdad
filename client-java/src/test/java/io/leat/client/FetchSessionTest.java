package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.wire.ErrorCode;
import io.leat.wire.message.FetchRequest;
import io.leat.wire.message.FetchResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class FetchSessionTest {
    private static final TopicPartition A0 = new TopicPartition("a", 0);
    private static final TopicPartition A1 = new TopicPartition("a", 1);
    private static final TopicPartition B0 = new TopicPartition("b", 0);

    private final FetchSession session = new FetchSession(ConsumerOptions.of("localhost:9092"));

    @Test
    void namesAllAtFirstAndThenOnlyWhatChanged() {
        FetchRequest first = next(Map.of(A0, 1L, A1, 2L));
        assertEquals(0, first.sessionId());
        assertEquals(0, first.sessionEpoch());
        assertEquals(Map.of(A0, 1L, A1, 2L), named(first));
        assertTrue(session.accept(answer(77, ErrorCode.NONE)));

        FetchRequest second = next(Map.of(A0, 1L, A1, 5L));
        assertEquals(77, second.sessionId());
        assertEquals(1, second.sessionEpoch());
        assertEquals(Map.of(A1, 5L), named(second));
        assertEquals(Set.of(), forgotten(second));
        assertTrue(session.accept(answer(77, ErrorCode.NONE)));

        FetchRequest third = next(Map.of(A1, 5L, B0, 9L));
        assertEquals(2, third.sessionEpoch());
        assertEquals(Map.of(B0, 9L), named(third));
        assertEquals(Set.of(A0), forgotten(third));
    }

    @Test
    void startsOverWhenTheBrokerHasForgotten() {
        next(Map.of(A0, 1L));
        assertTrue(session.accept(answer(77, ErrorCode.NONE)));
        assertFalse(session.accept(answer(0, ErrorCode.FETCH_SESSION_ID_NOT_FOUND)));
        FetchRequest again = next(Map.of(A0, 1L));
        assertEquals(0, again.sessionId());
        assertEquals(0, again.sessionEpoch());
        assertEquals(Map.of(A0, 1L), named(again));
    }

    @Test
    void namesAllEveryTimeIfTheBrokerKeepsNoSession() {
        for (int i = 0; i < 3; i++) {
            FetchRequest request = next(Map.of(A0, 1L));
            assertEquals(0, request.sessionEpoch());
            assertEquals(Map.of(A0, 1L), named(request));
            assertTrue(session.accept(answer(0, ErrorCode.NONE)));
        }
    }

    @Test
    void namesAPartitionAgainThatFailed() {
        next(Map.of(A0, 1L, A1, 2L));
        assertTrue(session.accept(answer(77, ErrorCode.NONE)));
        session.forget(A0);
        assertEquals(Map.of(A0, 1L), named(next(Map.of(A0, 1L, A1, 2L))));
    }

    private FetchRequest next(Map<TopicPartition, Long> offsets) {
        return session.next(offsets, Duration.ofMillis(500), 1 << 20);
    }

    private static FetchResponse answer(int sessionId, ErrorCode error) {
        return new FetchResponse(0, error.code(), sessionId, List.of(), List.of());
    }

    private static Map<TopicPartition, Long> named(FetchRequest request) {
        Map<TopicPartition, Long> named = new TreeMap<>();
        request.topics()
                .forEach(topic ->
                        topic.partitions()
                                .forEach(p ->
                                        named.put(
                                                new TopicPartition(topic.topic(), p.partition()),
                                                p.fetchOffset())));
        return named;
    }

    private static Set<TopicPartition> forgotten(FetchRequest request) {
        Set<TopicPartition> forgotten = new TreeSet<>();
        request.forgottenTopicsData()
                .forEach(topic ->
                        topic.partitions()
                                .forEach(p -> forgotten.add(new TopicPartition(topic.topic(), p))));
        return forgotten;
    }
}
