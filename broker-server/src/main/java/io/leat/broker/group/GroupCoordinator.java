package io.leat.broker.group;

import io.leat.broker.coordinator.Coordinator;
import io.leat.broker.coordinator.Transition;
import io.leat.broker.group.classic.ClassicCommand;
import io.leat.broker.group.classic.ClassicRules;
import io.leat.broker.group.consumer.ConsumerCommand;
import io.leat.broker.group.consumer.ConsumerRules;
import io.leat.broker.group.streams.StreamsCommand;
import io.leat.broker.group.streams.StreamsRules;
import io.leat.storage.api.StateStore;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The rules of groups: those of a type for what concerns its members, common ones for the rest.
 *
 * <p>They read topics and settings as these are at the time of a decision; all else is in the
 * arguments.
 */
final class GroupCoordinator implements Coordinator<String, Group, GroupCommand> {
    private final Surroundings surroundings;
    private final long startMillis;

    /**
     * @param startMillis the wall clock at start, ms since the epoch
     */
    GroupCoordinator(Surroundings surroundings, long startMillis) {
        this.surroundings = surroundings;
        this.startMillis = startMillis;
    }

    @Override
    public Transition<Group, GroupCommand> decide(
            String groupId, Optional<Group> group, GroupCommand command, long nowMillis) {
        Draft draft = new Draft(groupId, group, surroundings, nowMillis);
        if (group.isEmpty() && TypeRules.refuse(draft, command)) {
            return draft.transition();
        }
        switch (command) {
            case GroupCommand.Classic classic -> decide(draft, classic.command());
            case GroupCommand.Consumer consumer -> TypeRules.decide(draft, consumer.command());
            case GroupCommand.Streams streams -> StreamsTypeRules.decide(draft, streams.command());
            case GroupCommand.CommitOffsets commit -> OffsetRules.commit(draft, commit);
            case GroupCommand.CommitInTransaction commit -> TransactionRules.commit(draft, commit);
            case GroupCommand.EndTransaction end -> TransactionRules.end(draft, end);
            case GroupCommand.DeleteOffsets delete -> OffsetRules.delete(draft, delete);
            case GroupCommand.DeleteGroup delete -> OffsetRules.deleteGroup(draft, delete);
            case GroupCommand.ForgetTopics forget -> OffsetRules.forgetTopics(draft, forget);
            case GroupCommand.RetentionCheck check -> OffsetRules.checkRetention(draft);
        }
        TypeRules.downgradeIfDue(draft);
        return draft.transition();
    }

    private static void decide(Draft draft, ClassicCommand command) {
        switch (TypeRules.forClassic(draft, command)) {
            case Membership.Classic it ->
                    draft.classic(it.classic(), classic -> ClassicRules.decide(classic, command));
            case Membership.Consumer it ->
                    draft.consumer(
                            it.consumer(), consumer -> ConsumerRules.decide(consumer, command));
            case Membership.Streams it -> StreamsTypeRules.refuse(draft, command);
        }
    }

    @Override
    public long heapBytes(String groupId, Group group) {
        return group.heapBytes();
    }

    @Override
    public boolean isRefusable(GroupCommand command) {
        return switch (command) {
            case GroupCommand.Classic(ClassicCommand classic) -> classic.isRefusable();
            case GroupCommand.Consumer(ConsumerCommand consumer) -> consumer.isRefusable();
            case GroupCommand.Streams(StreamsCommand streams) -> streams.isRefusable();
            case GroupCommand.CommitOffsets commit -> true;
            case GroupCommand.CommitInTransaction commit -> true;
            case GroupCommand.EndTransaction end -> false;
            case GroupCommand.DeleteOffsets delete -> false;
            case GroupCommand.DeleteGroup delete -> false;
            case GroupCommand.ForgetTopics forget -> false;
            case GroupCommand.RetentionCheck check -> false;
        };
    }

    /** Members go on where they were: each gets a full session to be heard of. */
    @Override
    public void load(StateStore store, BiConsumer<String, Transition<Group, GroupCommand>> loaded) {
        GroupFormat.load(store, startMillis, group -> loaded.accept(group.id(), resume(group)));
    }

    private Transition<Group, GroupCommand> resume(Group group) {
        Draft draft = new Draft(group.id(), Optional.of(group), surroundings, startMillis);
        draft.ring(new GroupCommand.RetentionCheck(), draft.config().offsetsRetentionCheckMillis());
        switch (draft.membership()) {
            case Membership.Classic it -> draft.classic(it.classic(), ClassicRules::resume);
            case Membership.Consumer it -> draft.consumer(it.consumer(), ConsumerRules::resume);
            case Membership.Streams it -> draft.streams(it.streams(), StreamsRules::resume);
        }
        return draft.transition();
    }
}
