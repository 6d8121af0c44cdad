package io.leat.broker.group.streams;

import io.leat.broker.group.streams.HeartbeatOutcome.EndpointPartitions;
import io.leat.wire.message.StreamsGroupHeartbeatResponse;
import io.leat.wire.message.StreamsGroupHeartbeatResponse.Endpoint;
import io.leat.wire.message.StreamsGroupHeartbeatResponse.EndpointToPartitions;
import io.leat.wire.message.StreamsGroupHeartbeatResponse.TaskIds;
import io.leat.wire.message.StreamsGroupHeartbeatResponse.TopicPartition;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What comes of a heartbeat, as it goes over the wire. */
final class HeartbeatAnswer {
    /** The first version in which the acceptable lag is no int any more, but a long. */
    private static final int LONG_LAG_SINCE = 1;

    private HeartbeatAnswer() {}

    /**
     * @param version of the API, in which the answer is to be understood
     */
    static StreamsGroupHeartbeatResponse of(HeartbeatOutcome outcome, int version) {
        long lag = outcome.pace().acceptableLag();
        Tasks own = outcome.assignment().orElse(null);
        return new StreamsGroupHeartbeatResponse(
                0,
                outcome.error().code(),
                outcome.message().orElse(null),
                outcome.memberId(),
                outcome.epoch(),
                outcome.pace().intervalMillis(),
                version >= LONG_LAG_SINCE ? 0 : (int) Math.min(Integer.MAX_VALUE, lag),
                outcome.pace().taskOffsetIntervalMillis(),
                lag,
                outcome.statuses().stream()
                        .map(status ->
                                new StreamsGroupHeartbeatResponse.Status(
                                        status.kind().code(), status.detail()))
                        .toList(),
                own == null ? null : tasks(own.active()),
                own == null ? null : tasks(own.standby()),
                own == null ? null : tasks(own.warmup()),
                false,
                outcome.endpointEpoch(),
                endpoints(outcome));
    }

    private static List<TaskIds> tasks(TaskSet tasks) {
        return tasks.bySubtopology().entrySet().stream()
                .map(each -> new TaskIds(each.getKey(), each.getValue()))
                .toList();
    }

    private static @Nullable List<EndpointToPartitions> endpoints(HeartbeatOutcome outcome) {
        return outcome.endpoints()
                .map(all -> all.stream().map(HeartbeatAnswer::endpoint).toList())
                .orElse(null);
    }

    private static EndpointToPartitions endpoint(EndpointPartitions each) {
        return new EndpointToPartitions(
                new Endpoint(each.endpoint().host(), each.endpoint().port()),
                partitions(each.active()),
                partitions(each.standby()));
    }

    private static List<TopicPartition> partitions(SortedMap<String, List<Integer>> topics) {
        return topics.entrySet().stream()
                .map(topic -> new TopicPartition(topic.getKey(), topic.getValue()))
                .toList();
    }
}
