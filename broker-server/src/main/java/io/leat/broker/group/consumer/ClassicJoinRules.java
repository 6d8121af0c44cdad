package io.leat.broker.group.consumer;

import io.leat.broker.group.assign.PartitionSet;
import io.leat.broker.group.classic.ClassicCommand.Join;
import io.leat.broker.group.classic.EmbeddedProtocol;
import io.leat.broker.group.classic.JoinOutcome;
import io.leat.broker.group.classic.Protocol;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ConsumerProtocolSubscription;
import java.util.List;
import java.util.Optional;

/**
 * Members that speak the classic protocol join a consumer group (KIP-848). The broker assigns them
 * like all others: each join is answered at once, and nobody leads. What a member owns stands in
 * its subscription, and that it has given partitions up shows when it joins again.
 */
final class ClassicJoinRules {
    private ClassicJoinRules() {}

    static void join(ConsumerDraft draft, Join join) {
        ConsumerMembership before = draft.membership();
        try {
            draft.reply(join.to(), joined(draft, join));
        } catch (Refusal refusal) {
            draft.become(before);
            draft.reply(join.to(), JoinOutcome.refused(refusal.error(), join.member().memberId()));
        }
    }

    private static JoinOutcome joined(ConsumerDraft draft, Join join) {
        check(draft, join);
        ConsumerProtocolSubscription subscription =
                EmbeddedProtocol.subscription(join.protocols().getFirst().metadata())
                        .orElseThrow(() ->
                                new Refusal(
                                        ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
                                        "The subscription cannot be read"));
        Optional<ConsumerMember> before = predecessor(draft, join);
        PartitionSet owned = Migration.claimed(subscription, draft.topics());
        boolean nameless = join.member().memberId().isEmpty();
        if (before.isEmpty() && !nameless && !owned.isEmpty()) {
            // It was taken out and does not know: others may own by now what it believes to own.
            // One that owns nothing may be a newcomer that was given its id.
            throw new Refusal(ErrorCode.UNKNOWN_MEMBER_ID, "not a member any more");
        }
        if (before.isEmpty() && draft.membership().size() >= draft.config().consumerMembersMax()) {
            throw new Refusal(ErrorCode.GROUP_MAX_SIZE_REACHED, "The group is full");
        }
        if (nameless && join.member().instanceId().isEmpty() && join.options().idFirst()) {
            return JoinOutcome.refused(ErrorCode.MEMBER_ID_REQUIRED, join.options().newMemberId());
        }
        String memberId = nameless ? join.options().newMemberId() : join.member().memberId();
        before.filter(member -> !member.id().equals(memberId))
                .ifPresent(member -> {
                    draft.silence(member.id());
                    draft.become(
                            draft.membership().replaced(member.id(), member.replacedBy(memberId)));
                });
        ConsumerMember described =
                new ConsumerMember(
                        memberId,
                        join.member().instanceId(),
                        Optional.ofNullable(subscription.rackId()),
                        join.client(),
                        join.timeouts().rebalanceMillis(),
                        Subscription.to(subscription.topics()),
                        Optional.empty(),
                        standing(before, memberId),
                        Optional.of(
                                new ClassicSide(
                                        join.timeouts().sessionMillis(),
                                        join.protocols(),
                                        ClassicSide.Step.SYNC)));
        boolean changed =
                before.isEmpty() || !before.get().subscription().equals(described.subscription());
        ConsumerMember member =
                ProgressRules.progress(draft, described, changed, Optional.of(owned));
        draft.renewSession(member);
        draft.ring(
                new ConsumerCommand.ClassicStepExpired(memberId), member.rebalanceTimeoutMillis());
        return new JoinOutcome(
                ErrorCode.NONE,
                member.standing().epoch(),
                Optional.of("consumer"),
                Optional.of(join.protocols().getFirst().name()),
                "",
                false,
                memberId,
                List.of());
    }

    private static Standing standing(Optional<ConsumerMember> before, String memberId) {
        return before.map(member ->
                        member.id().equals(memberId) ? member.standing() : member.standing().back())
                .orElse(Standing.NEW);
    }

    private static void check(ConsumerDraft draft, Join join) {
        int sessionMillis = join.timeouts().sessionMillis();
        if (sessionMillis < draft.config().sessionTimeoutMillisMin()
                || sessionMillis > draft.config().sessionTimeoutMillisMax()) {
            throw new Refusal(ErrorCode.INVALID_SESSION_TIMEOUT, "session timeout");
        }
        if (!join.protocolType().equals("consumer") || !shared(draft, join)) {
            throw new Refusal(
                    ErrorCode.INCONSISTENT_GROUP_PROTOCOL, "no protocol that all members support");
        }
    }

    /** Whether the classic members, with this one, could be a classic group again. */
    private static boolean shared(ConsumerDraft draft, Join join) {
        for (Protocol protocol : join.protocols()) {
            boolean all =
                    draft.membership().all().stream()
                            .filter(member -> !member.id().equals(join.member().memberId()))
                            .allMatch(member ->
                                    member.classic()
                                            .map(side -> side.supports(protocol.name()))
                                            .orElse(true));
            if (all) {
                return true;
            }
        }
        return false;
    }

    private static Optional<ConsumerMember> predecessor(ConsumerDraft draft, Join join) {
        String memberId = join.member().memberId();
        if (join.member().instanceId().isEmpty()) {
            return draft.membership().get(memberId);
        }
        if (!memberId.isEmpty()) {
            return Optional.of(draft.membership().known(join.member()));
        }
        return draft.membership().withInstance(join.member().instanceId().get());
    }
}
