package io.leat.broker.group.streams;

import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.member.Client;
import io.leat.broker.group.member.Identity;
import io.leat.broker.group.streams.StreamsMember.Endpoint;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

/** What may happen to the members of a streams group. */
public sealed interface StreamsCommand {
    /** Whether it may be refused where the group grows and there is no room. */
    default boolean isRefusable() {
        return this instanceof Heartbeat beat
                && (beat.epoch == 0
                        || beat.profile.tags.isPresent()
                        || beat.profile.offsets.isPresent()
                        || beat.profile.ends.isPresent());
    }

    /**
     * A member is heard of.
     *
     * @param epoch 0 to join, -1 to leave, {@link Standing#AWAY} to leave and be back
     * @param profile what it says of itself; what is empty is as it was
     * @param topology with a join alone
     * @param owned what it says that it owns; empty when that is as it was
     * @param shutdown whether all members are to stop
     * @param endpointEpoch the newest that it was told of
     */
    record Heartbeat(
            Identity member,
            int epoch,
            Profile profile,
            Optional<Topology> topology,
            Optional<Tasks> owned,
            boolean shutdown,
            int endpointEpoch,
            ReplyTo<HeartbeatOutcome> to)
            implements StreamsCommand {}

    /** Alarm: a member has not been heard of for its session timeout. */
    record SessionExpired(String memberId) implements StreamsCommand {}

    /** Alarm: a member has taken too long to give tasks up. */
    record RevocationExpired(String memberId) implements StreamsCommand {}

    /** What a member says of itself. */
    record Profile(
            Client client,
            Optional<String> rackId,
            OptionalInt rebalanceTimeoutMillis,
            Optional<String> processId,
            Optional<Endpoint> endpoint,
            Optional<SortedMap<String, String>> tags,
            Optional<SortedMap<Task, Long>> offsets,
            Optional<SortedMap<Task, Long>> ends) {}
}
