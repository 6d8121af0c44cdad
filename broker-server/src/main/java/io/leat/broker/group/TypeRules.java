package io.leat.broker.group;

import io.leat.broker.group.classic.ClassicCommand;
import io.leat.broker.group.classic.ClassicMembership;
import io.leat.broker.group.classic.ClassicRules;
import io.leat.broker.group.classic.JoinOutcome;
import io.leat.broker.group.consumer.ConsumerCommand;
import io.leat.broker.group.consumer.ConsumerCommand.Heartbeat;
import io.leat.broker.group.consumer.ConsumerMembership;
import io.leat.broker.group.consumer.ConsumerRules;
import io.leat.broker.group.consumer.HeartbeatOutcome;
import io.leat.broker.group.consumer.Migration;
import io.leat.broker.group.streams.StreamsCommand;
import io.leat.wire.ErrorCode;
import java.util.Optional;

/**
 * By which protocol a group lives. One without members is of the type of whoever joins first; one
 * with members moves between the classic and the consumer protocol as far as {@code
 * group.consumer.migration.policy} lets it. Share groups have ids of their own: no group is both.
 */
final class TypeRules {
    private TypeRules() {}

    /**
     * Refuses what would make a group of an id that a share group has; the errors are Kafka's.
     *
     * @return whether it did
     */
    static boolean refuse(Draft draft, GroupCommand command) {
        if (!draft.isShareGroup()) {
            return false;
        }
        switch (command) {
            case GroupCommand.Classic(ClassicCommand.Join join) ->
                    draft.reply(
                            join.to(),
                            JoinOutcome.refused(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, ""));
            case GroupCommand.Consumer(Heartbeat heartbeat) ->
                    draft.reply(
                            heartbeat.to(),
                            HeartbeatOutcome.refused(
                                    ErrorCode.GROUP_ID_NOT_FOUND,
                                    "Group '" + draft.groupId() + "' is a share group"));
            case GroupCommand.Streams(StreamsCommand.Heartbeat heartbeat) ->
                    StreamsTypeRules.refuse(
                            draft,
                            heartbeat,
                            ErrorCode.GROUP_ID_NOT_FOUND,
                            "Group '" + draft.groupId() + "' is a share group");
            case GroupCommand.CommitOffsets commit ->
                    draft.reply(commit.to(), ErrorCode.GROUP_ID_NOT_FOUND);
            case GroupCommand.CommitInTransaction commit ->
                    draft.reply(commit.to(), ErrorCode.GROUP_ID_NOT_FOUND);
            default -> {
                return false; // makes no group
            }
        }
        return true;
    }

    /** The membership on which a request of the classic protocol is decided. */
    static Membership forClassic(Draft draft, ClassicCommand command) {
        Membership membership = draft.membership();
        if (command instanceof ClassicCommand.Join
                && membership.isEmpty()
                && !(membership instanceof Membership.Classic)) {
            becomeClassic(
                    draft, ClassicMembership.none(membership.roster().epoch(), draft.nowMillis()));
        }
        return draft.membership();
    }

    /** Decides on what a member of the consumer protocol asks. */
    static void decide(Draft draft, ConsumerCommand command) {
        if (command instanceof Heartbeat heartbeat) {
            Optional<HeartbeatOutcome> refusal = prepare(draft, heartbeat);
            if (refusal.isPresent()) {
                draft.reply(heartbeat.to(), refusal.get());
                return;
            }
        }
        if (draft.membership() instanceof Membership.Consumer it) {
            draft.consumer(it.consumer(), consumer -> ConsumerRules.decide(consumer, command));
        }
    }

    /** Makes the group a consumer group if it can be one, or says why it cannot. */
    private static Optional<HeartbeatOutcome> prepare(Draft draft, Heartbeat heartbeat) {
        return switch (draft.membership()) {
            case Membership.Consumer it -> Optional.empty();
            case Membership.Classic it when heartbeat.epoch() != 0 ->
                    Optional.of(
                            HeartbeatOutcome.refused(
                                    ErrorCode.UNKNOWN_MEMBER_ID,
                                    "There is no member " + heartbeat.member().memberId()));
            case Membership.Classic it when it.isEmpty() -> {
                int epoch = it.classic().epoch();
                draft.classic(it.classic(), ClassicRules::dismiss);
                draft.become(
                        new Membership.Consumer(ConsumerMembership.none(epoch, draft.nowMillis())));
                yield Optional.empty();
            }
            case Membership.Classic it -> upgrade(draft, it.classic());
            case Membership.Streams it when heartbeat.epoch() != 0 ->
                    Optional.of(
                            HeartbeatOutcome.refused(
                                    ErrorCode.UNKNOWN_MEMBER_ID,
                                    "There is no member " + heartbeat.member().memberId()));
            case Membership.Streams it when it.isEmpty() -> {
                int epoch = it.streams().epoch();
                draft.become(
                        new Membership.Consumer(ConsumerMembership.none(epoch, draft.nowMillis())));
                yield Optional.empty();
            }
            case Membership.Streams it ->
                    refused("Group '%s' has members of the streams protocol", draft.groupId());
        };
    }

    private static Optional<HeartbeatOutcome> upgrade(Draft draft, ClassicMembership classic) {
        if (!draft.config().migration().upgrade()
                || !classic.isConsumer()
                || classic.size() >= draft.config().consumerMembersMax()) {
            return refused("Group '%s' has members of the classic protocol", draft.groupId());
        }
        Optional<ConsumerMembership> consumer =
                Migration.toConsumer(classic, draft.topics(), draft.nowMillis());
        if (consumer.isEmpty()) {
            return refused(
                    "Group '%s' has members whose subscriptions cannot be read", draft.groupId());
        }
        draft.classic(classic, ClassicRules::dismiss);
        draft.become(new Membership.Consumer(consumer.get()));
        draft.consumer(consumer.get(), ConsumerRules::resume);
        return Optional.empty();
    }

    private static Optional<HeartbeatOutcome> refused(String message, String groupId) {
        return Optional.of(
                HeartbeatOutcome.refused(ErrorCode.GROUP_ID_NOT_FOUND, message.formatted(groupId)));
    }

    /** A consumer group whose members all speak the classic protocol goes back to it. */
    static void downgradeIfDue(Draft draft) {
        if (draft.membership() instanceof Membership.Consumer it
                && it.consumer().allClassic()
                && draft.config().migration().downgrade()
                && it.consumer().size() <= draft.config().membersMax()) {
            draft.consumer(it.consumer(), ConsumerRules::dismiss);
            becomeClassic(
                    draft, Migration.toClassic(it.consumer(), draft.topics(), draft.nowMillis()));
        }
    }

    private static void becomeClassic(Draft draft, ClassicMembership classic) {
        draft.become(new Membership.Classic(classic));
        draft.classic(classic, ClassicRules::takeOver);
    }
}
