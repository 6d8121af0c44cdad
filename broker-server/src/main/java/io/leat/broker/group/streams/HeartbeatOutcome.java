package io.leat.broker.group.streams;

import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The answer to a heartbeat.
 *
 * @param message why, with an error
 * @param pace how often to tell what
 * @param statuses what keeps the group or the member from its work
 * @param assignment what the member is to own now, empty where it knows
 * @param endpointEpoch of what {@code endpoints} tells
 * @param endpoints who answers interactive queries on what, empty where the member knows
 * @param toCreate internal topics that are missing
 */
public record HeartbeatOutcome(
        ErrorCode error,
        Optional<String> message,
        String memberId,
        int epoch,
        Pace pace,
        List<Status> statuses,
        Optional<Tasks> assignment,
        int endpointEpoch,
        Optional<List<EndpointPartitions>> endpoints,
        List<InternalTopic> toCreate) {
    /**
     * How often to tell what.
     *
     * @param intervalMillis when to be heard of again
     * @param taskOffsetIntervalMillis how often to tell how far states are
     * @param acceptableLag how far behind a state may be for its task to be run, in records
     */
    public record Pace(int intervalMillis, int taskOffsetIntervalMillis, long acceptableLag) {
        static final Pace NONE = new Pace(0, 0, 0);
    }

    /**
     * The partitions of a member that answers interactive queries, by topic.
     *
     * @param active of the tasks that it runs
     * @param standby of the tasks whose state it has
     */
    public record EndpointPartitions(
            StreamsMember.Endpoint endpoint,
            SortedMap<String, List<Integer>> active,
            SortedMap<String, List<Integer>> standby) {}

    HeartbeatOutcome with(List<Status> newStatuses) {
        return new HeartbeatOutcome(
                error,
                message,
                memberId,
                epoch,
                pace,
                newStatuses,
                assignment,
                endpointEpoch,
                endpoints,
                toCreate);
    }

    public static HeartbeatOutcome refused(ErrorCode error, String message) {
        return new HeartbeatOutcome(
                error,
                Optional.of(message),
                "",
                0,
                Pace.NONE,
                List.of(),
                Optional.empty(),
                0,
                Optional.empty(),
                List.of());
    }

    static HeartbeatOutcome left(String memberId, int epoch) {
        return new HeartbeatOutcome(
                ErrorCode.NONE,
                Optional.empty(),
                memberId,
                epoch,
                Pace.NONE,
                List.of(),
                Optional.empty(),
                0,
                Optional.empty(),
                List.of());
    }
}
