package io.leat.broker.group;

import io.leat.broker.coordinator.Alarm;
import io.leat.broker.coordinator.Reply;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.coordinator.Transition;
import io.leat.storage.api.StateStore.Write;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A transition in the making: the group as it is so far, and what follows from it. Lives for one
 * decision.
 */
final class Draft {
    private final String groupId;
    private final Optional<Group> before;
    private final List<Write> writes = new ArrayList<>();
    private final List<Reply<?>> replies = new ArrayList<>();
    private final List<Alarm<GroupCommand>> alarms = new ArrayList<>();
    private final GroupConfig config;
    private final long nowMillis;
    private boolean present;
    private boolean changed;
    private Membership membership;
    private Offsets offsets;
    private PendingOffsets pending;

    Draft(String groupId, Optional<Group> before, GroupConfig config, long nowMillis) {
        this.groupId = groupId;
        this.before = before;
        this.config = config;
        this.nowMillis = nowMillis;
        present = before.isPresent();
        membership = before.map(Group::membership).orElseGet(() -> Membership.none(nowMillis));
        offsets = before.map(Group::offsets).orElse(Offsets.NONE);
        pending = before.map(Group::pending).orElse(PendingOffsets.NONE);
    }

    GroupConfig config() {
        return config;
    }

    long nowMillis() {
        return nowMillis;
    }

    /** Whether there is a group. Where there is none, it looks empty. */
    boolean present() {
        return present;
    }

    Membership membership() {
        return membership;
    }

    Members members() {
        return membership.members();
    }

    Offsets offsets() {
        return offsets;
    }

    PendingOffsets pending() {
        return pending;
    }

    /** Changes the membership, and makes the group if there is none. */
    void become(Membership next) {
        membership = next;
        present = true;
        changed = true;
    }

    void enter(Phase phase) {
        become(membership.withPhase(phase, nowMillis));
    }

    /** Changes the offsets, and makes the group if there is none. */
    void become(Offsets next) {
        offsets = next;
        present = true;
        changed = true;
    }

    /** Changes the offsets of open transactions, and makes the group if there is none. */
    void become(PendingOffsets next) {
        pending = next;
        present = true;
        changed = true;
    }

    void removeGroup() {
        offsets.forEach((id, topic, partition, offset) ->
                write(GroupFormat.deleteOffset(groupId, id, partition)));
        pending.forEach((producerId, inTransaction) ->
                inTransaction.forEach((id, topic, partition, offset) ->
                        write(GroupFormat.deletePending(groupId, producerId, id, partition))));
        write(GroupFormat.deleteMembership(groupId));
        alarms.add(new Alarm.Cancel<>(new GroupCommand.RetentionCheck()));
        membership = Membership.none(nowMillis);
        offsets = Offsets.NONE;
        pending = PendingOffsets.NONE;
        present = false;
    }

    String groupId() {
        return groupId;
    }

    void write(Write write) {
        writes.add(write);
    }

    void writeMembership() {
        write(GroupFormat.putMembership(groupId, membership));
    }

    <R> void reply(ReplyTo<R> to, R value) {
        replies.add(new Reply<>(to, value));
    }

    void ring(GroupCommand command, long delayMillis) {
        alarms.add(new Alarm.Set<>(command, delayMillis));
    }

    void silence(GroupCommand command) {
        alarms.add(new Alarm.Cancel<>(command));
    }

    /** Waits for the member's next heartbeat. */
    void renewSession(Member member) {
        ring(new GroupCommand.SessionExpired(member.id()), member.timeouts().sessionMillis());
    }

    /**
     * Lets a member wait, and tells whoever waited in its name before: only one request of a member
     * is answered with what it asks for, the last one.
     */
    Member park(Member member, Waiting waiting) {
        answer(member, ErrorCode.REBALANCE_IN_PROGRESS);
        return member.withWaiting(waiting);
    }

    /** Ends a member's wait with an error. */
    Member answer(Member member, ErrorCode error) {
        switch (member.waiting()) {
            case Waiting.Nothing nothing -> {
                return member;
            }
            case Waiting.ForJoin join -> {
                boolean unknown = error == ErrorCode.UNKNOWN_MEMBER_ID;
                reply(join.to(), JoinOutcome.refused(error, unknown ? "" : member.id()));
            }
            case Waiting.ForSync sync -> reply(sync.to(), SyncOutcome.refused(error));
        }
        return member.withWaiting(new Waiting.Nothing());
    }

    Transition<Group, GroupCommand> transition() {
        membership.check();
        if (present && before.isEmpty()) {
            ring(new GroupCommand.RetentionCheck(), config.offsetsRetentionCheckMillis());
        }
        return new Transition<>(after(), writes, replies, alarms);
    }

    private Optional<Group> after() {
        if (!present) {
            return Optional.empty();
        }
        return changed ? Optional.of(new Group(groupId, membership, offsets, pending)) : before;
    }
}
