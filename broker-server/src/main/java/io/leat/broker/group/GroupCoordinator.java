package io.leat.broker.group;

import io.leat.broker.coordinator.Coordinator;
import io.leat.broker.coordinator.Transition;
import io.leat.broker.group.GroupCommand.SyncPhaseEnds;
import io.leat.storage.api.StateStore;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The rules of classic consumer groups, as Kafka's clients expect them.
 *
 * <p>Where they differ from Apache Kafka's, they promise more: a generation is durable before any
 * member hears of it, so a crash in the middle of a rebalance does not undo it; and a static member
 * that comes back with other topics causes a rebalance.
 */
final class GroupCoordinator implements Coordinator<String, Group, GroupCommand> {
    private final GroupConfig config;
    private final long startMillis;

    /**
     * @param startMillis the wall clock at start, ms since the epoch
     */
    GroupCoordinator(GroupConfig config, long startMillis) {
        this.config = config;
        this.startMillis = startMillis;
    }

    @Override
    public Transition<Group, GroupCommand> decide(
            String groupId, Optional<Group> group, GroupCommand command, long nowMillis) {
        Draft draft = new Draft(groupId, group, config, nowMillis);
        switch (command) {
            case GroupCommand.Join join -> JoinRules.join(draft, join);
            case GroupCommand.Sync sync -> MemberRules.sync(draft, sync);
            case GroupCommand.Heartbeat heartbeat -> MemberRules.heartbeat(draft, heartbeat);
            case GroupCommand.Leave leave -> MemberRules.leave(draft, leave);
            case GroupCommand.CommitOffsets commit -> OffsetRules.commit(draft, commit);
            case GroupCommand.CommitInTransaction commit -> TransactionRules.commit(draft, commit);
            case GroupCommand.EndTransaction end -> TransactionRules.end(draft, end);
            case GroupCommand.DeleteOffsets delete -> OffsetRules.delete(draft, delete);
            case GroupCommand.DeleteGroup delete -> OffsetRules.deleteGroup(draft, delete);
            case GroupCommand.ForgetTopics forget -> OffsetRules.forgetTopics(draft, forget);
            case GroupCommand.SessionExpired expired ->
                    MemberRules.sessionExpired(draft, expired.memberId());
            case GroupCommand.NewcomerExpired expired ->
                    MemberRules.newcomerExpired(draft, expired.memberId());
            case GroupCommand.JoinPhaseEnds ends -> RebalanceRules.joinPhaseEnds(draft);
            case GroupCommand.SyncPhaseEnds ends -> RebalanceRules.syncPhaseEnds(draft);
            case GroupCommand.RetentionCheck check -> OffsetRules.checkRetention(draft);
        }
        return draft.transition();
    }

    /** Members go on where they were: each gets a full session to be heard of. */
    @Override
    public void load(StateStore store, BiConsumer<String, Transition<Group, GroupCommand>> loaded) {
        GroupFormat.load(store, startMillis, group -> loaded.accept(group.id(), resume(group)));
    }

    private Transition<Group, GroupCommand> resume(Group group) {
        Draft draft = new Draft(group.id(), Optional.of(group), config, startMillis);
        draft.members().all().forEach(draft::renewSession);
        draft.ring(new GroupCommand.RetentionCheck(), config.offsetsRetentionCheckMillis());
        if (draft.membership().phase() instanceof Phase.CompletingRebalance) {
            draft.ring(new SyncPhaseEnds(), draft.members().rebalanceTimeoutMillis());
        }
        if (draft.members().size() > config.membersMax()) {
            RebalanceRules.rebalance(draft); // the limit was lowered
        }
        return draft.transition();
    }
}
