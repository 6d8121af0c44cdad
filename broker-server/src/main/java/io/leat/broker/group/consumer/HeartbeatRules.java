package io.leat.broker.group.consumer;

import io.leat.broker.group.assign.PartitionSet;
import io.leat.broker.group.consumer.ConsumerCommand.Heartbeat;
import io.leat.broker.group.consumer.ConsumerCommand.Profile;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Optional;

/** Members join, are heard of, and leave, by the consumer protocol. */
final class HeartbeatRules {
    private HeartbeatRules() {}

    static void heartbeat(ConsumerDraft draft, Heartbeat heartbeat) {
        ConsumerMembership before = draft.membership();
        try {
            if (heartbeat.epoch() == 0) {
                join(draft, heartbeat);
            } else if (heartbeat.epoch() > 0) {
                goOn(draft, heartbeat);
            } else {
                leave(draft, heartbeat);
            }
        } catch (Refusal refusal) {
            draft.become(before);
            draft.reply(
                    heartbeat.to(),
                    HeartbeatOutcome.refused(
                            refusal.error(), String.valueOf(refusal.getMessage())));
        }
    }

    private static void join(ConsumerDraft draft, Heartbeat heartbeat) {
        String memberId = heartbeat.member().memberId();
        Optional<ConsumerMember> before = predecessor(draft, heartbeat);
        if (before.isEmpty() && draft.membership().size() >= draft.config().consumerMembersMax()) {
            throw new Refusal(
                    ErrorCode.GROUP_MAX_SIZE_REACHED,
                    "The group has %d members, which is all it may have"
                            .formatted(draft.membership().size()));
        }
        before.filter(member -> !member.id().equals(memberId))
                .ifPresent(member -> {
                    draft.silence(member.id());
                    draft.become(
                            draft.membership().replaced(member.id(), member.replacedBy(memberId)));
                });
        ConsumerMember member = described(before, heartbeat);
        boolean changed =
                before.isEmpty() || !before.get().subscription().equals(member.subscription());
        answer(draft, heartbeat, member, changed, Optional.of(PartitionSet.NONE));
    }

    /** The member itself from before, or the one whose instance it continues. */
    private static Optional<ConsumerMember> predecessor(ConsumerDraft draft, Heartbeat heartbeat) {
        String memberId = heartbeat.member().memberId();
        Optional<String> instanceId = heartbeat.member().instanceId();
        if (instanceId.isEmpty()) {
            return draft.membership().get(memberId);
        }
        Optional<ConsumerMember> before = draft.membership().withInstance(instanceId.get());
        before.filter(member -> !member.id().equals(memberId))
                .filter(member -> !member.standing().isAway() && !member.isClassic())
                .ifPresent(member -> {
                    throw new Refusal(
                            ErrorCode.UNRELEASED_INSTANCE_ID,
                            "Member %s still uses instance id %s"
                                    .formatted(member.id(), instanceId.get()));
                });
        return before;
    }

    /** The member with what it says of itself. It owns nothing yet. */
    private static ConsumerMember described(Optional<ConsumerMember> before, Heartbeat heartbeat) {
        Profile profile = heartbeat.profile();
        // One that joins again has given up all it had, but a static one that comes back has its
        // place kept.
        Standing standing =
                before.filter(member ->
                                member.standing().isAway()
                                        || !member.id().equals(heartbeat.member().memberId()))
                        .map(member -> member.standing().back())
                        .orElse(Standing.NEW);
        return new ConsumerMember(
                heartbeat.member().memberId(),
                heartbeat.member().instanceId(),
                profile.rackId(),
                profile.client(),
                profile.rebalanceTimeoutMillis().orElse(0),
                Subscription.to(profile.names().orElseGet(List::of))
                        .withPattern(profile.pattern().orElse("")),
                profile.assignor(),
                standing,
                Optional.empty());
    }

    private static void goOn(ConsumerDraft draft, Heartbeat heartbeat) {
        ConsumerMember before = draft.membership().known(heartbeat.member());
        checkEpoch(before.standing(), heartbeat);
        Profile profile = heartbeat.profile();
        Subscription subscription = before.subscription();
        if (profile.names().isPresent()) {
            subscription = subscription.withNames(profile.names().get());
        }
        if (profile.pattern().isPresent()) {
            subscription = subscription.withPattern(profile.pattern().get());
        }
        ConsumerMember member =
                new ConsumerMember(
                        before.id(),
                        before.instanceId(),
                        profile.rackId().or(before::rackId),
                        profile.client(),
                        profile.rebalanceTimeoutMillis().orElse(before.rebalanceTimeoutMillis()),
                        subscription,
                        profile.assignor().or(before::assignor),
                        before.standing(),
                        Optional.empty());
        boolean changed = !subscription.equals(before.subscription());
        answer(draft, heartbeat, member, changed, heartbeat.owned());
    }

    /**
     * A member in the epoch before its own has missed an answer, and may go on when it owns nothing
     * that is not its own.
     */
    private static void checkEpoch(Standing standing, Heartbeat heartbeat) {
        boolean current = heartbeat.epoch() == standing.epoch();
        boolean missedOne =
                heartbeat.epoch() < standing.epoch()
                        && heartbeat.epoch() == standing.previousEpoch()
                        && heartbeat.owned().filter(standing.assigned()::containsAll).isPresent();
        if (!current && !missedOne) {
            throw new Refusal(
                    ErrorCode.FENCED_MEMBER_EPOCH,
                    "The member says it is in epoch %d and is in %d: it has to give all up and join again"
                            .formatted(heartbeat.epoch(), standing.epoch()));
        }
    }

    private static void answer(
            ConsumerDraft draft,
            Heartbeat heartbeat,
            ConsumerMember described,
            boolean changed,
            Optional<PartitionSet> owned) {
        ConsumerMember member = ProgressRules.progress(draft, described, changed, owned);
        draft.renewSession(member);
        PartitionSet assigned = member.standing().assigned();
        boolean news =
                heartbeat.isFull()
                        || !assigned.equals(described.standing().assigned())
                        || heartbeat.owned().filter(own -> !own.equals(assigned)).isPresent();
        draft.reply(
                heartbeat.to(),
                new HeartbeatOutcome(
                        ErrorCode.NONE,
                        Optional.empty(),
                        member.id(),
                        member.standing().epoch(),
                        draft.intervalMillis(member),
                        news ? Optional.of(assigned) : Optional.empty()));
    }

    private static void leave(ConsumerDraft draft, Heartbeat heartbeat) {
        ConsumerMember member = draft.membership().known(heartbeat.member());
        if (heartbeat.epoch() == Standing.AWAY && member.isStatic()) {
            draft.silence(new ConsumerCommand.RevocationExpired(member.id()));
            draft.become(draft.membership().with(member.with(member.standing().away())));
        } else {
            ConsumerRules.remove(draft, member);
        }
        draft.reply(
                heartbeat.to(),
                new HeartbeatOutcome(
                        ErrorCode.NONE,
                        Optional.empty(),
                        member.id(),
                        heartbeat.epoch(),
                        0,
                        Optional.empty()));
    }
}
