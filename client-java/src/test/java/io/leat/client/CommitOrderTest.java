package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CommitOrderTest {
    private final TopicPartition first = new TopicPartition("t", 0);
    private final TopicPartition second = new TopicPartition("t", 1);
    private final CommitOrder order = new CommitOrder();

    @Test
    void whatIsRepeatedLeavesAloneWhatWasCommittedMeanwhile() {
        Map<TopicPartition, Long> old = Map.of(first, 100L, second, 7L);
        long number = order.begin(old.keySet());
        assertEquals(old, order.left(number, old));
        long later = order.begin(Set.of(first));
        assertEquals(Map.of(second, 7L), order.left(number, old));
        assertEquals(Map.of(first, 200L), order.left(later, Map.of(first, 200L)));
    }
}
