package io.leat.broker.share;

import io.leat.broker.api.ApiRegistry;
import io.leat.broker.api.ProducerIds;
import io.leat.broker.api.Throttle;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import io.leat.broker.coordinator.CoordinatorLoop;
import io.leat.broker.coordinator.Time;
import io.leat.broker.group.ShareGroupDirectory;
import io.leat.broker.group.assign.Topics;
import io.leat.broker.group.settings.GroupSettings;
import io.leat.broker.group.share.ShareGroupMembers;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicListener;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.AlterShareGroupOffsetsRequest;
import io.leat.wire.message.AlterShareGroupOffsetsResponse;
import io.leat.wire.message.DeleteShareGroupOffsetsRequest;
import io.leat.wire.message.DeleteShareGroupOffsetsResponse;
import io.leat.wire.message.DescribeShareGroupOffsetsRequest;
import io.leat.wire.message.DescribeShareGroupOffsetsResponse;
import io.leat.wire.message.ShareAcknowledgeRequest;
import io.leat.wire.message.ShareAcknowledgeResponse;
import io.leat.wire.message.ShareFetchRequest;
import io.leat.wire.message.ShareFetchResponse;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** Share groups' deliveries, whole. Any thread may use it; nothing but the closing blocks. */
public final class Shares implements TopicListener, ShareGroupDirectory, AutoCloseable {
    private final ShareGroups groups;
    private final DeadLetters deadLetters;
    private final ShareGroupMembers members;
    private final int fetchBytesMax;

    /**
     * Loads all that share groups know into {@code loop}, which must not have started yet.
     *
     * @param settings a group's settings as they are now, by its id
     * @param otherGroup whether a group of another type has an id, as far as the loop's turn has
     *     come; asked on its thread
     * @throws io.leat.storage.api.StorageException when it cannot be read
     */
    public Shares(
            CoordinatorLoop loop,
            BrokerConfig config,
            TopicCatalog topics,
            Topics groupTopics,
            Function<String, GroupSettings> settings,
            Predicate<String> otherGroup,
            ProducerIds producerIds,
            Time time,
            MeterRegistry meters) {
        Function<String, ShareSettings> own = groupId -> ShareSettings.of(settings.apply(groupId));
        deadLetters =
                new DeadLetters(
                        new DeadLetterTopics(topics, own, config), producerIds, time, meters);
        fetchBytesMax = config.get(BrokerKeys.FETCH_MAX_BYTES);
        groups =
                new ShareGroups(
                        loop,
                        topics,
                        own,
                        config.get(BrokerKeys.GROUP_SHARE_MAX_SHARE_SESSIONS),
                        (id, after) -> after.ifPresent(state -> deadLetters.published(id, state)),
                        time,
                        meters);
        members =
                new ShareGroupMembers(
                        loop,
                        config,
                        groupTopics,
                        settings,
                        otherGroup,
                        groups::memberGone,
                        meters);
    }

    /**
     * Serves the APIs.
     *
     * @param throttle holds members to their quotas
     */
    public void register(ApiRegistry registry, Throttle throttle) {
        members.register(registry);
        registry.add(
                        ApiKey.SHARE_FETCH,
                        ShareFetchRequest.class,
                        ShareFetchResponse.class,
                        new ShareFetchHandler(groups, members, throttle, fetchBytesMax))
                .add(
                        ApiKey.SHARE_ACKNOWLEDGE,
                        ShareAcknowledgeRequest.class,
                        ShareAcknowledgeResponse.class,
                        new ShareAcknowledgeHandler(groups))
                .add(
                        ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS,
                        DescribeShareGroupOffsetsRequest.class,
                        DescribeShareGroupOffsetsResponse.class,
                        new DescribeShareGroupOffsetsHandler(groups, members))
                .add(
                        ApiKey.ALTER_SHARE_GROUP_OFFSETS,
                        AlterShareGroupOffsetsRequest.class,
                        AlterShareGroupOffsetsResponse.class,
                        new AlterShareGroupOffsetsHandler(groups, members))
                .add(
                        ApiKey.DELETE_SHARE_GROUP_OFFSETS,
                        DeleteShareGroupOffsetsRequest.class,
                        DeleteShareGroupOffsetsResponse.class,
                        new DeleteShareGroupOffsetsHandler(groups, members));
    }

    /** Begins to write dead letters; after the loop has started. */
    public void start() {
        deadLetters.start(groups);
    }

    @Override
    public void forEach(BiConsumer<String, String> visitor) {
        members.forEach((id, membership) -> visitor.accept(id, membership.state()));
    }

    @Override
    public boolean has(String groupId) {
        return members.find(groupId).isPresent() || !groups.partitionsOf(groupId).isEmpty();
    }

    @Override
    public boolean inTurn(String groupId) {
        return members.inTurn(groupId);
    }

    @Override
    public CompletionStage<ErrorCode> delete(String groupId) {
        if (members.find(groupId).filter(group -> !group.isEmpty()).isPresent()) {
            return CompletableFuture.completedFuture(ErrorCode.NON_EMPTY_GROUP);
        }
        // The members last: when it is cut off in between, the group is there to be deleted again.
        return groups.remove(groups.partitionsOf(groupId))
                .thenCompose(errors ->
                        errors.stream()
                                .filter(error -> error != ErrorCode.NONE)
                                .findFirst()
                                .<CompletionStage<ErrorCode>>map(CompletableFuture::completedFuture)
                                .orElseGet(() ->
                                        members.find(groupId).isPresent()
                                                ? members.delete(groupId)
                                                : CompletableFuture.completedFuture(
                                                        ErrorCode.NONE)));
    }

    @Override
    public void deleted(Topic topic) {
        groups.deleted(topic);
    }

    /** Stops the writing of dead letters. Idempotent. */
    @Override
    public void close() {
        deadLetters.close();
    }
}
