package io.leat.broker.group.consumer;

import io.leat.broker.group.assign.PartitionSet;
import io.leat.broker.group.assign.TopicImage;
import io.leat.broker.group.classic.Bytes;
import io.leat.broker.group.classic.ClassicCommand.Heartbeat;
import io.leat.broker.group.classic.ClassicCommand.Leave;
import io.leat.broker.group.classic.ClassicCommand.Sync;
import io.leat.broker.group.classic.EmbeddedProtocol;
import io.leat.broker.group.classic.LeaveOutcome;
import io.leat.broker.group.classic.SyncOutcome;
import io.leat.broker.group.member.Identity;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ConsumerProtocolAssignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What members that speak the classic protocol do in a consumer group besides joining it. */
final class ClassicMemberRules {
    private ClassicMemberRules() {}

    static void sync(ConsumerDraft draft, Sync sync) {
        try {
            ConsumerMember member = known(draft, sync.member(), sync.generation());
            ClassicSide side = member.classic().orElseThrow();
            boolean consistent =
                    sync.protocolType().filter(type -> !type.equals("consumer")).isEmpty()
                            && sync.protocolName()
                                    .filter(name -> !name.equals(side.protocol().name()))
                                    .isEmpty();
            if (!consistent) {
                throw new Refusal(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, "another protocol");
            }
            if (draft.membership().epoch() > member.standing().epoch()
                    && member.standing().state() != Standing.State.UNREVOKED) {
                askToJoin(draft, member, side);
                throw new Refusal(ErrorCode.REBALANCE_IN_PROGRESS, "a new epoch has begun");
            }
            draft.silence(new ConsumerCommand.ClassicStepExpired(member.id()));
            draft.become(draft.membership().with(member.with(side.at(ClassicSide.Step.NONE))));
            draft.renewSession(member);
            draft.reply(
                    sync.to(),
                    new SyncOutcome(
                            ErrorCode.NONE,
                            Optional.of("consumer"),
                            Optional.of(side.protocol().name()),
                            assignment(member, draft.topics())));
        } catch (Refusal refusal) {
            draft.reply(sync.to(), SyncOutcome.refused(refusal.error()));
        }
    }

    private static ConsumerMember known(ConsumerDraft draft, Identity identity, int generation) {
        ConsumerMember member = draft.membership().known(identity);
        if (!member.isClassic()) {
            throw new Refusal(ErrorCode.UNKNOWN_MEMBER_ID, "not a member of the classic protocol");
        }
        if (member.standing().epoch() != generation) {
            throw new Refusal(ErrorCode.ILLEGAL_GENERATION, "in another generation");
        }
        return member;
    }

    /** What a member owns, as consumers of the classic protocol tell each other. */
    static Bytes assignment(ConsumerMember member, TopicImage topics) {
        PartitionSet own = member.standing().assigned();
        List<ConsumerProtocolAssignment.TopicPartition> partitions = new ArrayList<>();
        own.topics()
                .forEach(topicId ->
                        topics.find(topicId)
                                .ifPresent(info ->
                                        partitions.add(
                                                new ConsumerProtocolAssignment.TopicPartition(
                                                        info.name(), own.of(topicId)))));
        return EmbeddedProtocol.write(
                new ConsumerProtocolAssignment(partitions, null),
                member.classic().map(ClassicSide::subscription).orElse(Bytes.EMPTY));
    }

    static void heartbeat(ConsumerDraft draft, Heartbeat heartbeat) {
        try {
            ConsumerMember member = known(draft, heartbeat.member(), heartbeat.generation());
            draft.renewSession(member);
            boolean rejoin = mustJoin(draft.membership(), member);
            if (rejoin) {
                askToJoin(draft, member, member.classic().orElseThrow());
            }
            draft.reply(heartbeat.to(), rejoin ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE);
        } catch (Refusal refusal) {
            draft.reply(heartbeat.to(), refusal.error());
        }
    }

    /** Whether a join would bring the member nearer to its target. */
    private static boolean mustJoin(ConsumerMembership membership, ConsumerMember member) {
        Standing standing = member.standing();
        if (standing.epoch() < membership.epoch()) {
            return true;
        }
        return switch (standing.state()) {
            case STABLE -> false;
            case UNREVOKED -> true;
            case UNRELEASED -> {
                PartitionSet wanted =
                        membership.target().of(member.id()).minus(standing.assigned());
                yield membership.freeFor(member.id(), wanted).equals(wanted);
            }
        };
    }

    /** The time to join begins when the member hears of it the first time. */
    private static void askToJoin(ConsumerDraft draft, ConsumerMember member, ClassicSide side) {
        if (side.step() != ClassicSide.Step.JOIN) {
            draft.become(draft.membership().with(member.with(side.at(ClassicSide.Step.JOIN))));
            draft.ring(
                    new ConsumerCommand.ClassicStepExpired(member.id()),
                    member.rebalanceTimeoutMillis());
        }
    }

    static void leave(ConsumerDraft draft, Leave leave) {
        List<ErrorCode> errors = new ArrayList<>(leave.members().size());
        for (Identity identity : leave.members()) {
            errors.add(leave(draft, identity));
        }
        draft.reply(leave.to(), new LeaveOutcome(ErrorCode.NONE, errors));
    }

    private static ErrorCode leave(ConsumerDraft draft, Identity identity) {
        ConsumerMember member;
        try {
            // An administrator removes a static member without knowing its id.
            member =
                    identity.memberId().isEmpty() && identity.instanceId().isPresent()
                            ? draft.membership()
                                    .withInstance(identity.instanceId().get())
                                    .orElseThrow(() ->
                                            new Refusal(
                                                    ErrorCode.UNKNOWN_MEMBER_ID, "no such member"))
                            : draft.membership().known(identity);
        } catch (Refusal refusal) {
            return refusal.error();
        }
        boolean byAdministrator = identity.memberId().isEmpty();
        if (!member.isClassic() && !byAdministrator) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ConsumerRules.remove(draft, member);
        return ErrorCode.NONE;
    }
}
