package io.leat.broker.group;

import io.leat.broker.coordinator.Effects;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.coordinator.Transition;
import io.leat.broker.group.assign.TopicImage;
import io.leat.broker.group.classic.ClassicDraft;
import io.leat.broker.group.classic.ClassicMembership;
import io.leat.broker.group.consumer.ConsumerDraft;
import io.leat.broker.group.consumer.ConsumerFormat;
import io.leat.broker.group.consumer.ConsumerMembership;
import io.leat.broker.group.offset.Offsets;
import io.leat.broker.group.offset.PendingOffsets;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.broker.group.streams.StreamsDraft;
import io.leat.broker.group.streams.StreamsFormat;
import io.leat.broker.group.streams.StreamsMembership;
import io.leat.storage.api.StateStore.Write;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A transition in the making: the group as it is so far, and what follows from it. Lives for one
 * decision.
 */
final class Draft {
    private final String groupId;
    private final Optional<Group> before;
    private final Effects<GroupCommand> effects = new Effects<>();
    private final Surroundings surroundings;
    private final long nowMillis;
    private boolean present;
    private boolean changed;
    private Membership membership;
    private Offsets offsets;
    private PendingOffsets pending;

    Draft(String groupId, Optional<Group> before, Surroundings surroundings, long nowMillis) {
        this.groupId = groupId;
        this.before = before;
        this.surroundings = surroundings;
        this.nowMillis = nowMillis;
        present = before.isPresent();
        membership = before.map(Group::membership).orElseGet(() -> Membership.none(nowMillis));
        offsets = before.map(Group::offsets).orElse(Offsets.NONE);
        pending = before.map(Group::pending).orElse(PendingOffsets.NONE);
    }

    GroupConfig config() {
        return surroundings.config();
    }

    TopicImage topics() {
        return surroundings.topics().image();
    }

    long nowMillis() {
        return nowMillis;
    }

    /** Whether a share group has the id, which this group can then not have. */
    boolean isShareGroup() {
        return surroundings.shareGroup().test(groupId);
    }

    /** Whether there is a group. Where there is none, it looks empty. */
    boolean present() {
        return present;
    }

    Membership membership() {
        return membership;
    }

    Offsets offsets() {
        return offsets;
    }

    PendingOffsets pending() {
        return pending;
    }

    /** Lets classic rules decide on a classic membership. */
    void classic(ClassicMembership classic, Consumer<ClassicDraft> rules) {
        ClassicDraft draft =
                new ClassicDraft(
                        groupId,
                        present,
                        classic,
                        config(),
                        nowMillis,
                        effects.of(GroupCommand.Classic::new));
        rules.accept(draft);
        if (draft.changed()) {
            become(new Membership.Classic(draft.membership()));
        }
    }

    /** Lets the rules of consumer groups decide on a consumer membership. */
    void consumer(ConsumerMembership consumer, Consumer<ConsumerDraft> rules) {
        ConsumerDraft draft =
                new ConsumerDraft(
                        consumer,
                        config(),
                        surroundings.settings().of(groupId),
                        topics(),
                        nowMillis,
                        effects.of(GroupCommand.Consumer::new));
        rules.accept(draft);
        if (!draft.membership().equals(consumer)) {
            become(new Membership.Consumer(draft.membership()));
        }
    }

    /** Lets the rules of streams groups decide on a streams membership. */
    void streams(StreamsMembership streams, Consumer<StreamsDraft> rules) {
        StreamsDraft draft =
                new StreamsDraft(
                        streams,
                        config(),
                        surroundings.settings().of(groupId),
                        topics(),
                        nowMillis,
                        effects.of(GroupCommand.Streams::new));
        rules.accept(draft);
        if (!draft.membership().equals(streams)) {
            become(new Membership.Streams(draft.membership()));
        }
    }

    /** Changes the membership, and makes the group if there is none. */
    void become(Membership next) {
        membership = next;
        present = true;
        changed = true;
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
        GroupFormat.deleteMembership(groupId, membership).forEach(this::write);
        effects.silence(new GroupCommand.RetentionCheck());
        membership = Membership.none(nowMillis);
        offsets = Offsets.NONE;
        pending = PendingOffsets.NONE;
        present = false;
    }

    String groupId() {
        return groupId;
    }

    void write(Write write) {
        effects.write(write);
    }

    <R> void reply(ReplyTo<R> to, R value) {
        effects.reply(to, value);
    }

    void ring(GroupCommand command, long delayMillis) {
        effects.ring(command, delayMillis);
    }

    Transition<Group, GroupCommand> transition() {
        membership.roster().check();
        if (present) {
            writeMembership();
        }
        if (present && before.isEmpty()) {
            ring(new GroupCommand.RetentionCheck(), config().offsetsRetentionCheckMillis());
        }
        return effects.transition(after());
    }

    /** Classic rules write when it is time; of other types, what has changed is written. */
    private void writeMembership() {
        Optional<Membership> stored = before.map(Group::membership);
        if (stored.filter(membership::equals).isPresent()) {
            return;
        }
        switch (membership) {
            case Membership.Classic it ->
                    stored.ifPresent(
                            old -> GroupFormat.deleteMembers(groupId, old).forEach(this::write));
            case Membership.Consumer it ->
                    ConsumerFormat.writes(groupId, stored.flatMap(Draft::consumerOf), it.consumer())
                            .forEach(this::write);
            case Membership.Streams it ->
                    StreamsFormat.writes(groupId, stored.flatMap(Draft::streamsOf), it.streams())
                            .forEach(this::write);
        }
    }

    private static Optional<StreamsMembership> streamsOf(Membership membership) {
        return membership instanceof Membership.Streams it
                ? Optional.of(it.streams())
                : Optional.empty();
    }

    private static Optional<ConsumerMembership> consumerOf(Membership membership) {
        return membership instanceof Membership.Consumer it
                ? Optional.of(it.consumer())
                : Optional.empty();
    }

    private Optional<Group> after() {
        if (!present) {
            return Optional.empty();
        }
        return changed ? Optional.of(new Group(groupId, membership, offsets, pending)) : before;
    }
}
