package io.leat.tests.benchmarks;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** A member by the classic protocol. */
final class ClassicBenchmarkMember extends GroupBenchmarkMember {
    /** The default of {@code heartbeat.interval.ms}. */
    private static final int HEARTBEAT_MILLIS = 3_000;

    private static final String PROTOCOL = "range";

    private String memberId = "";
    private int generation = -1;

    ClassicBenchmarkMember(String bootstrap, String group) {
        super(bootstrap, group);
    }

    @Override
    void live() {
        try {
            join();
            while (pause(HEARTBEAT_MILLIS)) {
                switch (heartbeat()) {
                    case NONE -> countHeartbeat();
                    case REBALANCE_IN_PROGRESS -> join();
                    case Errors other -> throw other.exception();
                }
            }
        } catch (RuntimeException | AssertionError e) {
            if (!isClosed()) {
                throw e;
            }
        }
    }

    private Errors heartbeat() {
        var answer =
                (HeartbeatResponseData)
                        exchange(
                                ApiKeys.HEARTBEAT,
                                new HeartbeatRequestData()
                                        .setGroupId(group)
                                        .setMemberId(memberId)
                                        .setGenerationId(generation));
        return Errors.forCode(answer.errorCode());
    }

    private void join() {
        while (true) {
            JoinGroupResponseData joined = joinOnce();
            generation = joined.generationId();
            boolean leads = joined.leader().equals(joined.memberId());
            var answer =
                    (SyncGroupResponseData)
                            exchange(
                                    ApiKeys.SYNC_GROUP,
                                    new SyncGroupRequestData()
                                            .setGroupId(group)
                                            .setMemberId(memberId)
                                            .setGenerationId(generation)
                                            .setProtocolType("consumer")
                                            .setProtocolName(PROTOCOL)
                                            .setAssignments(leads ? assign(joined) : List.of()));
            if (answer.errorCode() != Errors.REBALANCE_IN_PROGRESS.code()) {
                require(answer.errorCode());
                Assignment assignment =
                        ConsumerProtocol.deserializeAssignment(
                                ByteBuffer.wrap(answer.assignment()));
                member(generation, assignment.partitions().size());
                return;
            }
        }
    }

    private JoinGroupResponseData joinOnce() {
        while (true) {
            var protocols = new JoinGroupRequestProtocolCollection();
            protocols.add(
                    new JoinGroupRequestProtocol()
                            .setName(PROTOCOL)
                            .setMetadata(
                                    bytes(
                                            ConsumerProtocol.serializeSubscription(
                                                    new Subscription(
                                                            List.of(GroupBenchmark.TOPIC))))));
            var answer =
                    (JoinGroupResponseData)
                            exchange(
                                    ApiKeys.JOIN_GROUP,
                                    new JoinGroupRequestData()
                                            .setGroupId(group)
                                            .setMemberId(memberId)
                                            .setSessionTimeoutMs(45_000)
                                            .setRebalanceTimeoutMs(60_000)
                                            .setProtocolType("consumer")
                                            .setProtocols(protocols));
            memberId = answer.memberId();
            if (answer.errorCode() != Errors.MEMBER_ID_REQUIRED.code()) {
                require(answer.errorCode());
                return answer;
            }
        }
    }

    /** The partitions in turn, as many to each. */
    private static List<SyncGroupRequestAssignment> assign(JoinGroupResponseData joined) {
        List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
        int members = joined.members().size();
        for (int i = 0; i < members; i++) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int number = i; number < GroupBenchmark.PARTITIONS; number += members) {
                partitions.add(new TopicPartition(GroupBenchmark.TOPIC, number));
            }
            assignments.add(
                    new SyncGroupRequestAssignment()
                            .setMemberId(joined.members().get(i).memberId())
                            .setAssignment(
                                    bytes(
                                            ConsumerProtocol.serializeAssignment(
                                                    new Assignment(partitions)))));
        }
        return assignments;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
