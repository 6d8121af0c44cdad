package io.leat.broker.group.classic;

import io.leat.broker.coordinator.Effects;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.wire.ErrorCode;

/**
 * A classic membership in the making: as it is so far, and what follows from it. Lives for one
 * decision.
 */
public final class ClassicDraft {
    private final String groupId;
    private final GroupConfig config;
    private final long nowMillis;
    private final Effects<ClassicCommand> effects;
    private boolean present;
    private boolean changed;
    private ClassicMembership membership;

    /**
     * @param present whether there is a group; where there is none, it looks empty
     */
    public ClassicDraft(
            String groupId,
            boolean present,
            ClassicMembership membership,
            GroupConfig config,
            long nowMillis,
            Effects<ClassicCommand> effects) {
        this.groupId = groupId;
        this.present = present;
        this.membership = membership;
        this.config = config;
        this.nowMillis = nowMillis;
        this.effects = effects;
    }

    /** Whether the rules made another membership than they were given. */
    public boolean changed() {
        return changed;
    }

    GroupConfig config() {
        return config;
    }

    long nowMillis() {
        return nowMillis;
    }

    /** Whether there is a group. Where there is none, it looks empty. */
    public boolean present() {
        return present;
    }

    public ClassicMembership membership() {
        return membership;
    }

    Members members() {
        return membership.members();
    }

    /** Changes the membership, and makes the group if there is none. */
    void become(ClassicMembership next) {
        membership = next;
        present = true;
        changed = true;
    }

    void enter(Phase phase) {
        become(membership.withPhase(phase, nowMillis));
    }

    void writeMembership() {
        effects.write(ClassicFormat.put(groupId, membership));
    }

    <R> void reply(ReplyTo<R> to, R value) {
        effects.reply(to, value);
    }

    void ring(ClassicCommand command, long delayMillis) {
        effects.ring(command, delayMillis);
    }

    void silence(ClassicCommand command) {
        effects.silence(command);
    }

    /** Waits for the member's next heartbeat. */
    void renewSession(Member member) {
        ring(new ClassicCommand.SessionExpired(member.id()), member.timeouts().sessionMillis());
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
}
