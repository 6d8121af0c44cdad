package io.leat.broker.group.consumer;

import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.assign.PartitionSet;
import io.leat.broker.group.member.Client;
import io.leat.broker.group.member.Identity;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What may happen to the members of a consumer group. */
public sealed interface ConsumerCommand {
    /** Whether it may be refused where the group grows and there is no room. */
    default boolean isRefusable() {
        return this instanceof Heartbeat beat
                && (beat.epoch == 0
                        || beat.profile.names.isPresent()
                        || beat.profile.pattern.isPresent());
    }

    /**
     * A member is heard of.
     *
     * @param epoch 0 to join, -1 to leave, {@link Standing#AWAY} to leave and be back
     * @param profile what it says of itself; what is empty is as it was
     * @param owned what it says that it owns; empty when that is as it was
     */
    record Heartbeat(
            Identity member,
            int epoch,
            Profile profile,
            Optional<PartitionSet> owned,
            ReplyTo<HeartbeatOutcome> to)
            implements ConsumerCommand {
        boolean isFull() {
            return epoch == 0
                    || (profile.rebalanceTimeoutMillis().isPresent()
                            && profile.names().isPresent()
                            && owned.isPresent());
        }
    }

    /** Alarm: a member has not been heard of for its session timeout. */
    record SessionExpired(String memberId) implements ConsumerCommand {}

    /** Alarm: a member has taken too long to give partitions up. */
    record RevocationExpired(String memberId) implements ConsumerCommand {}

    /** Alarm: a member of the classic protocol has taken too long to join or sync. */
    record ClassicStepExpired(String memberId) implements ConsumerCommand {}

    /**
     * What a member says of itself.
     *
     * @param pattern a regular expression; empty text for none any more
     */
    record Profile(
            Client client,
            Optional<String> rackId,
            OptionalInt rebalanceTimeoutMillis,
            Optional<List<String>> names,
            Optional<String> pattern,
            Optional<String> assignor) {}
}
