package io.leat.broker.share;

import io.leat.broker.api.Partitions;
import io.leat.broker.coordinator.CoordinatorLoop;
import io.leat.broker.coordinator.Ledger;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.coordinator.Time;
import io.leat.broker.coordinator.Unavailable;
import io.leat.broker.group.share.ShareGroupMembers;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicListener;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.TimedOffset;
import io.leat.wire.ErrorCode;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** What all share groups know of their partitions. Any thread may use it; nothing in it blocks. */
final class ShareGroups implements TopicListener {
    private final Ledger<SharePartitionId, SharePartition, ShareCommand> ledger;
    private final Lanes lanes = new Lanes();
    private final ShareSessions sessions;
    private final TopicCatalog topics;
    private final Function<String, ShareSettings> settings;
    private final Time time;

    /**
     * Loads all share partitions into {@code loop}, which must not have started yet.
     *
     * @param settings a group's configuration as it is now, by its id
     * @param sessionsMax how many members may have a session
     * @param published told of every change, on the loop's thread
     * @throws io.leat.storage.api.StorageException when they cannot be read
     */
    ShareGroups(
            CoordinatorLoop loop,
            TopicCatalog topics,
            Function<String, ShareSettings> settings,
            int sessionsMax,
            BiConsumer<SharePartitionId, Optional<SharePartition>> published,
            Time time,
            MeterRegistry meters) {
        this.topics = topics;
        this.settings = settings;
        this.time = time;
        this.sessions = new ShareSessions(sessionsMax, this::release);
        this.ledger =
                loop.host(
                        new ShareCoordinator(settings),
                        (id, before, after) -> {
                            lanes.published(id, before, after);
                            published.accept(id, after);
                        });
        Gauge.builder("leat.share.partitions", ledger, Ledger::size)
                .description("Partitions that share groups read, counted for each group")
                .register(meters);
        Gauge.builder("leat.share.sessions", sessions, ShareSessions::size)
                .description("Share sessions")
                .register(meters);
        forget(id -> topics.find(id.topicId()).isEmpty());
    }

    TopicCatalog topics() {
        return topics;
    }

    ShareSessions sessions() {
        return sessions;
    }

    Lanes.Lane lane(SharePartitionId id) {
        return lanes.of(id);
    }

    ShareSettings settings(String groupId) {
        return settings.apply(groupId);
    }

    Optional<SharePartition> find(SharePartitionId id) {
        return ledger.get(id);
    }

    void forEach(BiConsumer<SharePartitionId, SharePartition> visitor) {
        ledger.forEach(visitor);
    }

    /** The share partitions of a group, in no order. */
    List<SharePartitionId> partitionsOf(String groupId) {
        List<SharePartitionId> found = new ArrayList<>();
        ledger.forEach((id, state) -> {
            if (id.groupId().equals(groupId)) {
                found.add(id);
            }
        });
        return found;
    }

    /** Why offsets of a group cannot be changed, if that is so. */
    Optional<ErrorCode> refusal(String groupId, ShareGroupMembers members) {
        if (members.find(groupId).filter(group -> !group.isEmpty()).isPresent()) {
            return Optional.of(ErrorCode.NON_EMPTY_GROUP);
        }
        return members.find(groupId).isPresent() || !partitionsOf(groupId).isEmpty()
                ? Optional.empty()
                : Optional.of(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    /** Whether the topics know the partition. */
    Optional<Partition> partition(SharePartitionId id) {
        return topics.find(id.topicId()).flatMap(topic -> topic.partition(id.partition()));
    }

    /** Lets delivery begin where {@code share.auto.offset.reset} says, unless it has begun. */
    CompletionStage<ErrorCode> open(
            SharePartitionId id, Partition partition, ShareSettings settings) {
        return start(partition, settings)
                .handle((start, failure) -> failure == null ? start : -1L)
                .thenCompose(start ->
                        start < 0
                                ? CompletableFuture.completedFuture(ErrorCode.KAFKA_STORAGE_ERROR)
                                : ask(id, to -> new ShareCommand.Open(start, to), e -> e));
    }

    private CompletableFuture<Long> start(Partition partition, ShareSettings settings) {
        LogBounds bounds = partition.log().bounds();
        long end = bounds.readEnd(settings.isolation());
        return switch (settings.reset()) {
            case OffsetReset.Earliest earliest ->
                    CompletableFuture.completedFuture(bounds.logStart());
            case OffsetReset.Latest latest -> CompletableFuture.completedFuture(end);
            case OffsetReset.ByDuration(var age) ->
                    partition
                            .log()
                            .offsetForTime(Math.max(0, time.wallMillis() - age.toMillis()))
                            .thenApply(found ->
                                    found.map(TimedOffset::offset)
                                            .filter(offset -> offset < end)
                                            .orElse(end));
        };
    }

    /** A member acknowledges and takes. */
    CompletionStage<Served> serve(
            SharePartitionId id,
            String memberId,
            List<Acknowledgement> acknowledgements,
            Offer offer) {
        return ask(
                id,
                to -> new ShareCommand.Serve(memberId, acknowledgements, offer, to),
                Served::failed);
    }

    void giveBack(SharePartitionId id, long lock) {
        var _ = this.<ErrorCode>ask(id, to -> new ShareCommand.GiveBack(lock, to), e -> e);
    }

    /** A member is gone: ends its session, and with it its hold on records. */
    void memberGone(String groupId, String memberId) {
        sessions.end(new ShareSession.Key(groupId, memberId));
    }

    private void release(ShareSession session) {
        release(session.key().memberId(), session.touched());
    }

    /** Makes what a member holds available again. */
    CompletionStage<Void> release(String memberId, Set<SharePartitionId> ids) {
        return all(ids, id -> ask(id, to -> new ShareCommand.Release(memberId, to), e -> e))
                .thenAccept(errors -> {});
    }

    /** Lets delivery go on from an offset, durably. */
    CompletionStage<ErrorCode> reset(SharePartitionId id, long start) {
        return ask(id, to -> new ShareCommand.Reset(start, to), e -> e);
    }

    /** Forgets share partitions, durably. */
    CompletionStage<List<ErrorCode>> remove(List<SharePartitionId> ids) {
        return all(ids, id -> ask(id, ShareCommand.Remove::new, e -> e));
    }

    private static CompletionStage<List<ErrorCode>> all(
            Collection<SharePartitionId> ids,
            Function<SharePartitionId, CompletionStage<ErrorCode>> each) {
        return Partitions.all(List.copyOf(ids), id -> each.apply(id).toCompletableFuture());
    }

    @Override
    public void deleted(Topic topic) {
        forget(id -> id.topicId().equals(topic.id()));
    }

    private void forget(Predicate<SharePartitionId> which) {
        List<SharePartitionId> gone = new ArrayList<>();
        ledger.forEach((id, state) -> {
            if (which.test(id)) {
                gone.add(id);
            }
        });
        var _ = remove(gone);
    }

    /**
     * Asks for a change.
     *
     * @param failed the reply when there is no decision
     */
    <R> CompletionStage<R> ask(
            SharePartitionId id,
            Function<ReplyTo<R>, ShareCommand> command,
            Function<ErrorCode, R> failed) {
        return ledger.ask(id, command, reason -> failed.apply(error(reason)));
    }

    private static ErrorCode error(Unavailable reason) {
        return switch (reason) {
            // Clients fetch again after these, and keep what they hold.
            case OVERLOADED, STORAGE_FAILED -> ErrorCode.KAFKA_STORAGE_ERROR;
            case CLOSED -> ErrorCode.NOT_LEADER_OR_FOLLOWER;
            // Nobody's deliveries begin while there is no room; clients ask again.
            case FULL -> ErrorCode.KAFKA_STORAGE_ERROR;
            case RULE_FAILED -> ErrorCode.UNKNOWN_SERVER_ERROR;
        };
    }
}
