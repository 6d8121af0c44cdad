package io.leat.tests.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** A member by the consumer protocol (KIP-848). */
final class ConsumerBenchmarkMember extends GroupBenchmarkMember {
    private final String memberId = Uuid.randomUuid().toString();
    private List<TopicPartitions> owned = List.of();
    private int epoch;

    ConsumerBenchmarkMember(String bootstrap, String group) {
        super(bootstrap, group);
    }

    @Override
    void live() {
        try {
            var answer =
                    heartbeat(
                            request()
                                    .setRebalanceTimeoutMs(300_000)
                                    .setSubscribedTopicNames(List.of(GroupBenchmark.TOPIC))
                                    .setServerAssignor("uniform")
                                    .setTopicPartitions(List.of()));
            while (!isClosed()) {
                boolean news = take(answer);
                // What it owns now it says at once, as the official client does.
                if (!news && !pause(answer.heartbeatIntervalMs())) {
                    return;
                }
                answer = heartbeat(news ? request().setTopicPartitions(owned) : request());
                countHeartbeat();
            }
        } catch (RuntimeException | AssertionError e) {
            if (!isClosed()) {
                throw e;
            }
        }
    }

    private ConsumerGroupHeartbeatRequestData request() {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(memberId)
                .setMemberEpoch(epoch)
                .setTopicPartitions(null);
    }

    private ConsumerGroupHeartbeatResponseData heartbeat(
            ConsumerGroupHeartbeatRequestData request) {
        var answer =
                (ConsumerGroupHeartbeatResponseData)
                        exchange(ApiKeys.CONSUMER_GROUP_HEARTBEAT, request);
        require(answer.errorCode());
        return answer;
    }

    /** Whether it owns others than before. */
    private boolean take(ConsumerGroupHeartbeatResponseData answer) {
        epoch = answer.memberEpoch();
        var assignment = answer.assignment();
        if (assignment != null) {
            owned = new ArrayList<>();
            for (var topic : assignment.topicPartitions()) {
                owned.add(
                        new TopicPartitions()
                                .setTopicId(topic.topicId())
                                .setPartitions(topic.partitions()));
            }
        }
        member(epoch, owned.stream().mapToInt(one -> one.partitions().size()).sum());
        return assignment != null;
    }
}
