package io.leat.broker.api.fetch;

import io.leat.broker.access.Access;
import io.leat.broker.access.Operation;
import io.leat.broker.access.ResourceType;
import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.api.RequestScope;
import io.leat.broker.api.SlicePayload;
import io.leat.broker.api.Throttle;
import io.leat.broker.api.TopicMeters;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.storage.api.Isolation;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.FetchRequest;
import io.leat.wire.message.FetchResponse;
import io.leat.wire.message.FetchResponse.AbortedTransaction;
import io.leat.wire.message.FetchResponse.FetchableTopicResponse;
import io.leat.wire.message.FetchResponse.PartitionData;
import io.leat.wire.schema.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads record batches up to what is durable. Bytes go from the log to the socket without a copy;
 * the request's scope holds their leases until they are sent.
 */
public final class FetchHandler implements ApiHandler<FetchRequest, FetchResponse> {
    private static final byte READ_COMMITTED = 1;

    private final TopicCatalog topics;
    private final FetchSessions sessions;
    private final TopicMeters meters;
    private final Throttle throttle;
    private final int bytesMax;

    /**
     * Makes the handler.
     *
     * @param bytesMax how many bytes of records an answer has at the most, unless one batch is
     *     larger
     */
    public FetchHandler(
            TopicCatalog topics,
            FetchSessions sessions,
            TopicMeters meters,
            Throttle throttle,
            int bytesMax) {
        this.topics = topics;
        this.sessions = sessions;
        this.meters = meters;
        this.throttle = throttle;
        this.bytesMax = bytesMax;
    }

    @Override
    public CompletionStage<FetchResponse> handle(RequestContext context, FetchRequest request) {
        FetchPlan plan = sessions.plan(context.apiVersion(), request);
        List<PendingFetch.Source> sources = new ArrayList<>(plan.targets().size());
        boolean byId = context.apiVersion() >= FetchSessions.IDS_SINCE;
        for (FetchTarget target : plan.targets()) {
            sources.add(source(context.access(), target, byId));
        }
        boolean committedOnly = request.isolationLevel() == READ_COMMITTED;
        PendingFetch fetch =
                new PendingFetch(
                        sources,
                        new PendingFetch.Limits(
                                request.minBytes(),
                                throttle.fetchBytesMax(
                                        context, Math.clamp(request.maxBytes(), 0, bytesMax)),
                                request.maxWaitMs(),
                                committedOnly
                                        ? Isolation.READ_COMMITTED
                                        : Isolation.READ_UNCOMMITTED),
                        context.connection().loop());
        context.scope().onCancel(fetch::hurry);
        return fetch.start()
                .thenApply(results -> {
                    throttle.fetched(context, handOver(results, context.scope()));
                    return respond(plan, results, committedOnly);
                });
    }

    private PendingFetch.Source source(Access access, FetchTarget target, boolean byId) {
        Optional<Topic> topic =
                byId ? topics.find(target.key().topicId()) : topics.find(target.key().topic());
        // Who may not read a topic is not told by its name whether it is there.
        String name = topic.map(Topic::name).orElse(target.key().topic());
        if (!name.isEmpty() && !access.may(Operation.READ, ResourceType.TOPIC, name)) {
            return new PendingFetch.Source(
                    target, Optional.empty(), ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        }
        Optional<Partition> partition =
                topic.flatMap(found -> found.partition(target.key().partition()));
        if (partition.isEmpty()) {
            ErrorCode error =
                    byId && topic.isEmpty()
                            ? ErrorCode.UNKNOWN_TOPIC_ID
                            : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            return new PendingFetch.Source(target, Optional.empty(), error);
        }
        if (target.leaderEpoch() > Partition.LEADER_EPOCH) {
            return new PendingFetch.Source(
                    target, Optional.empty(), ErrorCode.UNKNOWN_LEADER_EPOCH);
        }
        return new PendingFetch.Source(target, partition, ErrorCode.NONE);
    }

    /** Has the request's scope hold what was read, and counts it; how many bytes it is. */
    private long handOver(List<FetchResult> results, RequestScope scope) {
        long bytes = 0;
        for (FetchResult result : results) {
            if (result.slice().isPresent()) {
                scope.hold(result.slice().get());
                bytes += result.sizeBytes();
                count(result);
            }
        }
        return bytes;
    }

    private FetchResponse respond(
            FetchPlan plan, List<FetchResult> results, boolean committedOnly) {
        return switch (plan) {
            case FetchPlan.Single single ->
                    response(ErrorCode.NONE, 0, grouped(results, committedOnly));
            case FetchPlan.Opening opening ->
                    response(
                            ErrorCode.NONE,
                            sessions.open(opening, results),
                            grouped(results, committedOnly));
            case FetchPlan.Incremental incremental ->
                    response(
                            ErrorCode.NONE,
                            incremental.session().id(),
                            grouped(incremental.session().changed(results), committedOnly));
            case FetchPlan.Refused refused -> response(refused.error(), 0, List.of());
        };
    }

    private void count(FetchResult result) {
        FetchTarget.Key key = result.target().key();
        String name =
                key.topic().isEmpty()
                        ? topics.find(key.topicId()).map(Topic::name).orElse("")
                        : key.topic();
        if (!name.isEmpty()) {
            meters.fetched(name, result.sizeBytes(), result.recordCount());
        }
    }

    private static FetchResponse response(
            ErrorCode error, int sessionId, List<FetchableTopicResponse> topics) {
        return new FetchResponse(0, error.code(), sessionId, topics, List.of());
    }

    /** Results of the same topic that follow each other share a struct. */
    private static List<FetchableTopicResponse> grouped(
            List<FetchResult> results, boolean committedOnly) {
        List<FetchableTopicResponse> grouped = new ArrayList<>();
        FetchTarget.@Nullable Key current = null;
        List<PartitionData> partitions = new ArrayList<>();
        for (FetchResult result : results) {
            FetchTarget.Key key = result.target().key();
            if (current == null
                    || !current.topic().equals(key.topic())
                    || !current.topicId().equals(key.topicId())) {
                partitions = new ArrayList<>();
                grouped.add(new FetchableTopicResponse(key.topic(), key.topicId(), partitions));
                current = key;
            }
            partitions.add(partition(result, committedOnly));
        }
        return grouped;
    }

    private static PartitionData partition(FetchResult result, boolean committedOnly) {
        Payload records = result.slice().<Payload>map(SlicePayload::new).orElse(Payload.EMPTY);
        PartitionData data =
                PartitionData.of(
                        result.target().key().partition(),
                        result.error(),
                        result.highWatermark(),
                        result.lastStableOffset(),
                        result.logStart(),
                        records);
        return committedOnly ? data.withAbortedTransactions(aborted(result)) : data;
    }

    private static List<AbortedTransaction> aborted(FetchResult result) {
        return result.aborted().stream()
                .map(transaction ->
                        new AbortedTransaction(transaction.producerId(), transaction.firstOffset()))
                .toList();
    }
}
