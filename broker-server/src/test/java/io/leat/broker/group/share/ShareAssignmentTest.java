package io.leat.broker.group.share;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.group.assign.Topics.TopicInfo;
import io.leat.broker.group.member.Client;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShareAssignmentTest {
    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);

    private static ShareMembership group(int members, TopicInfo... topics) {
        List<String> names = List.of(topics).stream().map(TopicInfo::name).toList();
        return new ShareMembership(
                1,
                IntStream.range(0, members)
                        .mapToObj(i ->
                                new ShareMember(
                                        "m" + i,
                                        Optional.empty(),
                                        new Client("c", "/127.0.0.1"),
                                        names))
                        .toList(),
                List.of(topics));
    }

    @Test
    void membersShareWherePartitionsAreFew() {
        ShareMembership group = group(10, new TopicInfo(A, "a", 3));
        Map<Integer, Integer> readers = new HashMap<>();
        for (ShareMember member : group.members()) {
            List<Integer> partitions = group.assignment(member.id()).get(A);
            assertEquals(1, partitions.size());
            readers.merge(partitions.getFirst(), 1, Integer::sum);
        }
        assertEquals(Map.of(0, 4, 1, 3, 2, 3), readers);
    }

    @Test
    void eachPartitionHasOneReaderWhereTheyAreMany() {
        ShareMembership group = group(2, new TopicInfo(A, "a", 5));
        assertEquals(List.of(0, 2, 4), group.assignment("m0").get(A));
        assertEquals(List.of(1, 3), group.assignment("m1").get(A));
    }

    @Test
    void smallTopicsBurdenAllAlike() {
        List<TopicInfo> topics = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            topics.add(new TopicInfo(new UUID(1, i), "t" + i, 1));
        }
        ShareMembership group = group(1, topics.toArray(TopicInfo[]::new));
        assertEquals(6, group.assignment("m0").size(), "one member reads all");
    }

    @Test
    void onlySubscribersRead() {
        ShareMember one =
                new ShareMember(
                        "one", Optional.empty(), new Client("c", "/127.0.0.1"), List.of("a"));
        ShareMember two =
                new ShareMember(
                        "two", Optional.empty(), new Client("c", "/127.0.0.1"), List.of("a", "b"));
        ShareMembership group =
                new ShareMembership(
                        1,
                        List.of(one, two),
                        List.of(new TopicInfo(A, "a", 2), new TopicInfo(B, "b", 2)));
        assertEquals(List.of(0, 1), group.assignment("two").get(B));
        assertTrue(!group.assignment("one").containsKey(B));
    }
}
