package io.leat.broker.group.share;

import io.leat.broker.api.ApiRegistry;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.GroupBrokerKeys;
import io.leat.broker.config.GroupKeys;
import io.leat.broker.coordinator.Coordinator;
import io.leat.broker.coordinator.CoordinatorLoop;
import io.leat.broker.coordinator.HeapBytes;
import io.leat.broker.coordinator.Ledger;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.coordinator.Transition;
import io.leat.broker.group.assign.Topics;
import io.leat.broker.group.member.GroupErrors;
import io.leat.broker.group.settings.GroupSettings;
import io.leat.broker.group.share.ShareMemberRules.Limits;
import io.leat.storage.api.StateStore;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ShareGroupDescribeRequest;
import io.leat.wire.message.ShareGroupDescribeResponse;
import io.leat.wire.message.ShareGroupHeartbeatRequest;
import io.leat.wire.message.ShareGroupHeartbeatResponse;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** The members of all share groups. Any thread may use it; nothing in it blocks. */
public final class ShareGroupMembers {
    private final Ledger<String, ShareMembership, ShareMemberCommand> ledger;
    private final Function<String, GroupSettings> settings;
    private final Topics topics;
    private final Predicate<String> otherGroup;
    private final int membersMax;

    /** Told when a member is gone from a group, on the loop's thread. */
    @FunctionalInterface
    public interface Departures {
        void gone(String groupId, String memberId);
    }

    /**
     * Loads all share groups into {@code loop}, which must not have started yet.
     *
     * @param settings a group's settings as they are now, by its id
     * @param otherGroup whether a group of another type has an id, as far as the loop's turn has
     *     come; asked on its thread
     * @throws io.leat.storage.api.StorageException when they cannot be read
     */
    public ShareGroupMembers(
            CoordinatorLoop loop,
            BrokerConfig config,
            Topics topics,
            Function<String, GroupSettings> settings,
            Predicate<String> otherGroup,
            Departures departures,
            MeterRegistry meters) {
        this.topics = topics;
        this.settings = settings;
        this.otherGroup = otherGroup;
        this.membersMax = config.get(GroupBrokerKeys.SHARE_MAX_SIZE);
        this.ledger =
                loop.host(
                        new Rules(),
                        (groupId, before, after) ->
                                before.ifPresent(was -> tell(groupId, was, after, departures)));
        Gauge.builder("leat.share.groups", ledger, Ledger::size)
                .description("Share groups")
                .register(meters);
    }

    private static void tell(
            String groupId,
            ShareMembership before,
            Optional<ShareMembership> after,
            Departures departures) {
        for (ShareMember member : before.members()) {
            if (after.flatMap(now -> now.find(member.id())).isEmpty()) {
                departures.gone(groupId, member.id());
            }
        }
    }

    /** Serves the APIs by which clients are members of share groups. */
    public void register(ApiRegistry registry) {
        registry.add(
                        ApiKey.SHARE_GROUP_HEARTBEAT,
                        ShareGroupHeartbeatRequest.class,
                        ShareGroupHeartbeatResponse.class,
                        new ShareGroupHeartbeatHandler(this))
                .add(
                        ApiKey.SHARE_GROUP_DESCRIBE,
                        ShareGroupDescribeRequest.class,
                        ShareGroupDescribeResponse.class,
                        new ShareGroupDescribeHandler(this));
    }

    /** A group's members, empty where there is no such share group. */
    public Optional<ShareMembership> find(String groupId) {
        return ledger.get(groupId);
    }

    /** Whether there is such a group, as far as the loop's turn has come. On its thread. */
    public boolean inTurn(String groupId) {
        return ledger.inTurn(groupId).isPresent();
    }

    public void forEach(BiConsumer<String, ShareMembership> visitor) {
        ledger.forEach(visitor);
    }

    /**
     * Sees to it that there is such a group, and that it has no members, durably.
     *
     * @return the error where a group of another type has the id, or it has members
     */
    public CompletionStage<ErrorCode> establish(String groupId) {
        return ask(groupId, ShareMemberCommand.Establish::new, error -> error);
    }

    /** Deletes a group that has no members, durably. */
    public CompletionStage<ErrorCode> delete(String groupId) {
        return ask(groupId, ShareMemberCommand.Delete::new, error -> error);
    }

    /**
     * Asks a group for a change.
     *
     * @param failed the reply when there is no decision
     */
    <R> CompletionStage<R> ask(
            String groupId,
            Function<ReplyTo<R>, ShareMemberCommand> command,
            Function<ErrorCode, R> failed) {
        return ledger.ask(groupId, command, reason -> failed.apply(GroupErrors.of(reason)));
    }

    /** {@link ShareMemberRules} for the loop. */
    private final class Rules implements Coordinator<String, ShareMembership, ShareMemberCommand> {
        @Override
        public Transition<ShareMembership, ShareMemberCommand> decide(
                String groupId,
                Optional<ShareMembership> state,
                ShareMemberCommand command,
                long nowMillis) {
            ShareMemberRules rules = rules(groupId, state);
            rules.decide(command);
            return rules.transition();
        }

        @Override
        public long heapBytes(String groupId, ShareMembership membership) {
            return HeapBytes.OBJECT
                    + HeapBytes.ENTRY
                    + HeapBytes.text(groupId)
                    + membership.heapBytes();
        }

        @Override
        public boolean isRefusable(ShareMemberCommand command) {
            return command instanceof ShareMemberCommand.Heartbeat
                    || command instanceof ShareMemberCommand.Establish;
        }

        private ShareMemberRules rules(String groupId, Optional<ShareMembership> state) {
            GroupSettings current = settings.apply(groupId);
            return new ShareMemberRules(
                    groupId,
                    state,
                    state.isEmpty() && otherGroup.test(groupId),
                    topics,
                    new Limits(
                            membersMax,
                            current.get(GroupKeys.SHARE.sessionTimeoutMs()),
                            current.get(GroupKeys.SHARE.heartbeatIntervalMs())));
        }

        @Override
        public void load(
                StateStore store,
                BiConsumer<String, Transition<ShareMembership, ShareMemberCommand>> loaded) {
            ShareMemberFormat.load(
                    store,
                    (groupId, membership) -> {
                        ShareMemberRules rules = rules(groupId, Optional.of(membership));
                        rules.resume();
                        loaded.accept(groupId, rules.transition());
                    });
        }
    }
}
