package io.leat.broker.group;

import io.leat.broker.api.ApiRegistry;
import io.leat.broker.api.BrokerIdentity;
import io.leat.broker.coordinator.CoordinatorLoop;
import io.leat.broker.coordinator.Ledger;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.coordinator.Time;
import io.leat.broker.group.assign.Topics;
import io.leat.broker.group.classic.ClassicApis;
import io.leat.broker.group.classic.ClassicCommand;
import io.leat.broker.group.classic.ClassicMembership;
import io.leat.broker.group.consumer.ConsumerApis;
import io.leat.broker.group.consumer.ConsumerCommand;
import io.leat.broker.group.consumer.ConsumerMembership;
import io.leat.broker.group.member.GroupErrors;
import io.leat.broker.group.member.GroupsOf;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.broker.group.settings.GroupConfigs;
import io.leat.broker.group.streams.InternalTopics;
import io.leat.broker.group.streams.StreamsApis;
import io.leat.broker.group.streams.StreamsCommand;
import io.leat.broker.group.streams.StreamsMembership;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicListener;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.DeleteGroupsRequest;
import io.leat.wire.message.DeleteGroupsResponse;
import io.leat.wire.message.FindCoordinatorRequest;
import io.leat.wire.message.FindCoordinatorResponse;
import io.leat.wire.message.ListGroupsRequest;
import io.leat.wire.message.ListGroupsResponse;
import io.leat.wire.message.OffsetCommitRequest;
import io.leat.wire.message.OffsetCommitResponse;
import io.leat.wire.message.OffsetDeleteRequest;
import io.leat.wire.message.OffsetDeleteResponse;
import io.leat.wire.message.OffsetFetchRequest;
import io.leat.wire.message.OffsetFetchResponse;
import io.leat.wire.message.TxnOffsetCommitRequest;
import io.leat.wire.message.TxnOffsetCommitResponse;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The broker's consumer groups. Any thread may use it; nothing in it blocks. */
public final class Groups implements TopicListener {
    private final Ledger<String, Group, GroupCommand> ledger;
    private final Topics topics;
    private final GroupConfig config;
    private volatile ShareGroupDirectory shareGroups = ShareGroupDirectory.NONE;

    /**
     * Loads all groups into {@code loop}, which must not have started yet.
     *
     * @throws io.leat.storage.api.StorageException when they cannot be read
     */
    public Groups(
            CoordinatorLoop loop,
            GroupConfig config,
            GroupConfigs settings,
            Topics topics,
            Time time,
            MeterRegistry meters) {
        this.topics = topics;
        this.config = config;
        LagMeters lagMeters = new LagMeters(meters, this::find, topics);
        GroupLog log = new GroupLog();
        ledger =
                loop.host(
                        new GroupCoordinator(
                                new Surroundings(
                                        config,
                                        settings,
                                        topics,
                                        groupId -> shareGroups.inTurn(groupId)),
                                time.wallMillis()),
                        (groupId, before, after) -> {
                            log.published(groupId, before, after);
                            lagMeters.published(groupId, before, after);
                        });
        Gauge.builder("leat.groups", ledger, Ledger::size)
                .description("Consumer groups")
                .register(meters);
        forgetStrangers();
    }

    /** Serves the group APIs. */
    public void register(
            ApiRegistry registry, BrokerIdentity identity, InternalTopics internalTopics) {
        registry.add(
                        ApiKey.FIND_COORDINATOR,
                        FindCoordinatorRequest.class,
                        FindCoordinatorResponse.class,
                        new FindCoordinatorHandler(identity))
                .add(
                        ApiKey.OFFSET_COMMIT,
                        OffsetCommitRequest.class,
                        OffsetCommitResponse.class,
                        new OffsetCommitHandler(this))
                .add(
                        ApiKey.OFFSET_FETCH,
                        OffsetFetchRequest.class,
                        OffsetFetchResponse.class,
                        new OffsetFetchHandler(this))
                .add(
                        ApiKey.OFFSET_DELETE,
                        OffsetDeleteRequest.class,
                        OffsetDeleteResponse.class,
                        new OffsetDeleteHandler(this))
                .add(
                        ApiKey.LIST_GROUPS,
                        ListGroupsRequest.class,
                        ListGroupsResponse.class,
                        new ListGroupsHandler(this))
                .add(
                        ApiKey.DELETE_GROUPS,
                        DeleteGroupsRequest.class,
                        DeleteGroupsResponse.class,
                        new DeleteGroupsHandler(this));
        ClassicApis.register(registry, classic());
        ConsumerApis.register(registry, consumer(), config, topics);
        StreamsApis.register(registry, streams(), internalTopics);
    }

    /** Lists and deletes share groups too, and leaves them their ids. Before the loop starts. */
    public void include(ShareGroupDirectory directory) {
        shareGroups = directory;
    }

    /** Whether a group has the id, as far as the loop's turn has come. On the loop's thread. */
    public boolean inTurn(String groupId) {
        return ledger.inTurn(groupId).isPresent();
    }

    ShareGroupDirectory shareGroups() {
        return shareGroups;
    }

    /** Serves the API by which producers commit offsets in transactions. */
    public void registerTransactional(ApiRegistry registry, GroupInTransaction transactions) {
        registry.add(
                ApiKey.TXN_OFFSET_COMMIT,
                TxnOffsetCommitRequest.class,
                TxnOffsetCommitResponse.class,
                new TxnOffsetCommitHandler(this, transactions));
    }

    /**
     * Lets the offsets that a producer sent in its transaction count, or drops them. Completes when
     * that is durable; may be asked again.
     */
    public CompletionStage<ErrorCode> endTransaction(
            String groupId, long producerId, boolean committed) {
        return ask(
                groupId,
                to -> new GroupCommand.EndTransaction(producerId, committed, to),
                error -> error);
    }

    /** Topics that were deleted just before the last stop may have left their offsets behind. */
    private void forgetStrangers() {
        Set<UUID> strangers = new HashSet<>();
        ledger.forEach((id, group) ->
                group.offsets()
                        .forEach((topicId, topic, partition, offset) -> {
                            if (topics.find(topicId).isEmpty()) {
                                strangers.add(topicId);
                            }
                        }));
        if (!strangers.isEmpty()) {
            forgetTopics(strangers);
        }
    }

    /** Drops the offsets of topics that are no more. They are not seen any more from before. */
    public void forgetTopics(Set<UUID> topicIds) {
        Set<UUID> ids = Set.copyOf(topicIds);
        ledger.forEach((groupId, group) -> {
            if (ids.stream()
                    .anyMatch(id -> group.offsets().contains(id) || group.pending().contains(id))) {
                ask(groupId, to -> new GroupCommand.ForgetTopics(ids, to), e -> e);
            }
        });
    }

    @Override
    public void deleted(Topic topic) {
        forgetTopics(Set.of(topic.id()));
    }

    /** How many groups there are. */
    public int size() {
        return ledger.size();
    }

    /** The ids of all groups, in order. */
    public List<String> ids() {
        List<String> ids = new ArrayList<>();
        ledger.forEach((id, group) -> ids.add(id));
        ids.sort(null);
        return ids;
    }

    /** How far a group is behind, by topic and partition; empty when there is no such group. */
    public List<PartitionLag> lag(String groupId) {
        List<PartitionLag> lags = new ArrayList<>();
        find(groupId).ifPresent(group -> addLags(group, lags));
        lags.sort(
                Comparator.comparing(PartitionLag::topic)
                        .thenComparingInt(PartitionLag::partition));
        return lags;
    }

    private void addLags(Group group, List<PartitionLag> lags) {
        group.offsets()
                .forEach((topicId, topic, partition, offset) ->
                        topics.highWatermark(topicId, partition)
                                .ifPresent(end ->
                                        lags.add(
                                                PartitionLag.between(
                                                        topic, partition, offset.offset(), end))));
    }

    Topics topics() {
        return topics;
    }

    GroupConfig config() {
        return config;
    }

    Optional<Group> find(String groupId) {
        return ledger.get(groupId);
    }

    void forEach(BiConsumer<String, Group> visitor) {
        ledger.forEach(visitor);
    }

    /** The classic groups. */
    GroupsOf<ClassicMembership, ClassicCommand> classic() {
        return ofType(
                membership ->
                        membership instanceof Membership.Classic it
                                ? Optional.of(it.classic())
                                : Optional.empty(),
                GroupCommand.Classic::new);
    }

    /** The consumer groups. */
    GroupsOf<ConsumerMembership, ConsumerCommand> consumer() {
        return ofType(
                membership ->
                        membership instanceof Membership.Consumer it
                                ? Optional.of(it.consumer())
                                : Optional.empty(),
                GroupCommand.Consumer::new);
    }

    /** The streams groups. */
    GroupsOf<StreamsMembership, StreamsCommand> streams() {
        return ofType(
                membership ->
                        membership instanceof Membership.Streams it
                                ? Optional.of(it.streams())
                                : Optional.empty(),
                GroupCommand.Streams::new);
    }

    /**
     * A view for the APIs of one type.
     *
     * @param narrow the type's own membership, empty where the group is of another type
     * @param wrap takes the type's commands in among all
     */
    private <M, C> GroupsOf<M, C> ofType(
            Function<Membership, Optional<M>> narrow, Function<C, GroupCommand> wrap) {
        return new GroupsOf<>() {
            @Override
            public Optional<M> find(String groupId) {
                return Groups.this.find(groupId).map(Group::membership).flatMap(narrow);
            }

            @Override
            public <R> CompletionStage<R> ask(
                    String groupId,
                    Function<ReplyTo<R>, ? extends C> command,
                    Function<ErrorCode, R> failed) {
                return Groups.this.ask(groupId, to -> wrap.apply(command.apply(to)), failed);
            }
        };
    }

    /**
     * Asks a group for a change.
     *
     * @param failed the reply when there is no decision
     */
    <R> CompletionStage<R> ask(
            String groupId,
            Function<ReplyTo<R>, GroupCommand> command,
            Function<ErrorCode, R> failed) {
        return ledger.ask(groupId, command, reason -> failed.apply(GroupErrors.of(reason)));
    }
}
