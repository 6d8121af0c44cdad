package io.leat.broker.group.share;

import io.leat.broker.coordinator.Effects;
import io.leat.broker.coordinator.Transition;
import io.leat.broker.group.assign.Topics;
import io.leat.broker.group.assign.Topics.TopicInfo;
import io.leat.broker.group.share.ShareMemberCommand.Heartbeat;
import io.leat.broker.group.share.ShareMemberCommand.SessionExpired;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The rules by which members are in a share group. A member is told its partitions as long as it
 * does not name the epoch that they belong to, so that a lost answer does no harm. Lives for one
 * decision.
 */
final class ShareMemberRules {
    static final int JOINING = 0;
    static final int LEAVING = -1;

    private final String groupId;
    private final boolean taken;
    private final Topics topics;
    private final Limits limits;
    private final Effects<ShareMemberCommand> effects = new Effects<>();
    private ShareMembership membership;
    private boolean present;
    private boolean changed;

    /**
     * What a share group's settings say of its members.
     *
     * @param membersMax {@code group.share.max.size}
     * @param sessionMillis {@code share.session.timeout.ms}
     * @param heartbeatMillis {@code share.heartbeat.interval.ms}
     */
    record Limits(int membersMax, int sessionMillis, int heartbeatMillis) {}

    /**
     * @param taken whether the id is that of a group of another type
     */
    ShareMemberRules(
            String groupId,
            Optional<ShareMembership> membership,
            boolean taken,
            Topics topics,
            Limits limits) {
        this.groupId = groupId;
        this.taken = taken;
        this.membership = membership.orElse(ShareMembership.NONE);
        this.present = membership.isPresent();
        this.topics = topics;
        this.limits = limits;
    }

    void decide(ShareMemberCommand command) {
        switch (command) {
            case Heartbeat heartbeat -> effects.reply(heartbeat.to(), heartbeat(heartbeat));
            case SessionExpired(String memberId) -> remove(memberId);
            case ShareMemberCommand.Establish(var to) -> effects.reply(to, establish());
            case ShareMemberCommand.Delete(var to) -> effects.reply(to, delete());
        }
    }

    /** After a start members go on where they were: each gets a full session to be heard of. */
    void resume() {
        membership.members().forEach(member -> listenFor(member.id()));
    }

    Transition<ShareMembership, ShareMemberCommand> transition() {
        membership.check();
        if (changed) {
            effects.write(
                    present
                            ? ShareMemberFormat.put(groupId, membership)
                            : ShareMemberFormat.delete(groupId));
        }
        return effects.transition(present ? Optional.of(membership) : Optional.empty());
    }

    private ErrorCode establish() {
        if (taken) {
            return ErrorCode.GROUP_ID_NOT_FOUND;
        }
        if (!membership.isEmpty()) {
            return ErrorCode.NON_EMPTY_GROUP;
        }
        if (!present) {
            become(List.of(), List.of());
        }
        return ErrorCode.NONE;
    }

    private ErrorCode delete() {
        if (!present) {
            return ErrorCode.GROUP_ID_NOT_FOUND;
        }
        if (!membership.isEmpty()) {
            return ErrorCode.NON_EMPTY_GROUP;
        }
        present = false;
        changed = true;
        return ErrorCode.NONE;
    }

    private HeartbeatOutcome heartbeat(Heartbeat heartbeat) {
        String memberId = heartbeat.memberId();
        Optional<ShareMember> known = membership.find(memberId);
        if (heartbeat.epoch() == LEAVING) {
            if (known.isEmpty()) {
                return HeartbeatOutcome.refused(ErrorCode.UNKNOWN_MEMBER_ID);
            }
            remove(memberId);
            effects.silence(new SessionExpired(memberId));
            return new HeartbeatOutcome(
                    ErrorCode.NONE, LEAVING, limits.heartbeatMillis(), Optional.empty());
        }
        Optional<ErrorCode> refusal = refusal(heartbeat, known);
        if (refusal.isPresent()) {
            return HeartbeatOutcome.refused(refusal.get());
        }
        ShareMember now = now(heartbeat, known);
        if (!known.equals(Optional.of(now))) {
            put(now);
        }
        refreshTopics();
        listenFor(memberId);
        boolean told = heartbeat.epoch() == membership.epoch();
        return new HeartbeatOutcome(
                ErrorCode.NONE,
                membership.epoch(),
                limits.heartbeatMillis(),
                told ? Optional.empty() : Optional.of(membership.assignment(memberId)));
    }

    private Optional<ErrorCode> refusal(Heartbeat heartbeat, Optional<ShareMember> known) {
        if (heartbeat.epoch() == JOINING) {
            if (taken) {
                return Optional.of(ErrorCode.GROUP_ID_NOT_FOUND);
            }
            if (heartbeat.topics().isEmpty()) {
                return Optional.of(ErrorCode.INVALID_REQUEST);
            }
            boolean full = known.isEmpty() && membership.size() >= limits.membersMax();
            return full ? Optional.of(ErrorCode.GROUP_MAX_SIZE_REACHED) : Optional.empty();
        }
        if (known.isEmpty()) {
            return Optional.of(ErrorCode.UNKNOWN_MEMBER_ID);
        }
        return heartbeat.epoch() > membership.epoch()
                ? Optional.of(ErrorCode.FENCED_MEMBER_EPOCH)
                : Optional.empty();
    }

    private static ShareMember now(Heartbeat heartbeat, Optional<ShareMember> known) {
        return new ShareMember(
                heartbeat.memberId(),
                heartbeat.rackId().or(() -> known.flatMap(ShareMember::rackId)),
                heartbeat.client(),
                heartbeat.topics().or(() -> known.map(ShareMember::topics)).orElse(List.of()));
    }

    private void put(ShareMember member) {
        List<ShareMember> members = new ArrayList<>(membership.members());
        OptionalInt index = OptionalInt.empty();
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).id().equals(member.id())) {
                index = OptionalInt.of(i);
            }
        }
        if (index.isPresent()) {
            members.set(index.getAsInt(), member);
        } else {
            members.add(member);
        }
        become(members, existing(members));
    }

    private void remove(String memberId) {
        List<ShareMember> left =
                membership.members().stream()
                        .filter(member -> !member.id().equals(memberId))
                        .toList();
        if (left.size() < membership.size()) {
            become(left, existing(left));
        }
    }

    /** Topics may have come, gone, or got partitions. */
    private void refreshTopics() {
        List<TopicInfo> there = existing(membership.members());
        if (!there.equals(membership.topics())) {
            become(membership.members(), there);
        }
    }

    private List<TopicInfo> existing(List<ShareMember> members) {
        return members.stream()
                .flatMap(member -> member.topics().stream())
                .distinct()
                .sorted()
                .flatMap(name -> topics.find(name).stream())
                .toList();
    }

    private void become(List<ShareMember> members, List<TopicInfo> topics) {
        membership = new ShareMembership(membership.epoch() + 1, members, topics);
        present = true;
        changed = true;
    }

    private void listenFor(String memberId) {
        effects.ring(new SessionExpired(memberId), limits.sessionMillis());
    }
}
