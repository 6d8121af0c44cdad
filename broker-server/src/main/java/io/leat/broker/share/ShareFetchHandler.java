package io.leat.broker.share;

import io.leat.broker.access.Access;
import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.api.Throttle;
import io.leat.broker.group.share.ShareGroupMembers;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ShareFetchRequest;
import io.leat.wire.message.ShareFetchRequest.AcknowledgementBatch;
import io.leat.wire.message.ShareFetchRequest.FetchPartition;
import io.leat.wire.message.ShareFetchRequest.FetchTopic;
import io.leat.wire.message.ShareFetchRequest.ForgottenTopic;
import io.leat.wire.message.ShareFetchResponse;
import io.leat.wire.message.ShareFetchResponse.AcquiredRecords;
import io.leat.wire.message.ShareFetchResponse.LeaderIdAndEpoch;
import io.leat.wire.message.ShareFetchResponse.PartitionData;
import io.leat.wire.message.ShareFetchResponse.ShareFetchableTopicResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Delivers records to members of share groups, and takes their acknowledgements. */
final class ShareFetchHandler implements ApiHandler<ShareFetchRequest, ShareFetchResponse> {
    private static final byte BATCH_OPTIMIZED = 0;
    private static final byte RECORD_LIMIT = 1;

    private final ShareGroups groups;
    private final ShareGroupMembers members;
    private final Throttle throttle;
    private final int bytesMax;

    /**
     * @param bytesMax how many bytes of records an answer has at the most, unless one batch is
     *     larger
     */
    ShareFetchHandler(
            ShareGroups groups, ShareGroupMembers members, Throttle throttle, int bytesMax) {
        this.groups = groups;
        this.members = members;
        this.throttle = throttle;
        this.bytesMax = bytesMax;
    }

    @Override
    public CompletionStage<ShareFetchResponse> handle(
            RequestContext context, ShareFetchRequest request) {
        Optional<String> flaw = flaw(request);
        if (flaw.isPresent()) {
            return refused(ErrorCode.INVALID_REQUEST, flaw.get());
        }
        if (members.find(String.valueOf(request.groupId())).isEmpty()) {
            return refused(
                    ErrorCode.GROUP_ID_NOT_FOUND,
                    "There is no share group '" + request.groupId() + "'");
        }
        ShareSession.Key member =
                new ShareSession.Key(
                        String.valueOf(request.groupId()), String.valueOf(request.memberId()));
        ShareSessions.Entry entry =
                groups.sessions().enter(member, request.shareSessionEpoch(), context.connection());
        return switch (entry) {
            case ShareSessions.Entry.Refused(ErrorCode error) -> refused(error, null);
            case ShareSessions.Entry.Admitted(ShareSession session) ->
                    fetch(context, request, session);
        };
    }

    private static Optional<String> flaw(ShareFetchRequest request) {
        if (isBlank(request.groupId())) {
            return Optional.of("The group id is missing");
        }
        if (isBlank(request.memberId())) {
            return Optional.of("The member id is missing");
        }
        boolean acknowledges =
                request.topics().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .anyMatch(partition -> !partition.acknowledgementBatches().isEmpty());
        if (request.shareSessionEpoch() == ShareSessions.OPENING_EPOCH && acknowledges) {
            return Optional.of("A request that opens a session cannot acknowledge records");
        }
        boolean fetches =
                request.maxRecords() != 0
                        || request.maxBytes() != 0
                        || request.minBytes() != 0
                        || request.maxWaitMs() != 0;
        if (request.isRenewAck() && fetches) {
            return Optional.of("A request that renews locks cannot fetch records");
        }
        if (request.shareAcquireMode() != BATCH_OPTIMIZED
                && request.shareAcquireMode() != RECORD_LIMIT) {
            return Optional.of("Unknown share acquire mode " + request.shareAcquireMode());
        }
        return Optional.empty();
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    private CompletionStage<ShareFetchResponse> fetch(
            RequestContext context, ShareFetchRequest request, ShareSession session) {
        boolean last = request.shareSessionEpoch() == ShareSessions.FINAL_EPOCH;
        if (!last) {
            update(session, request);
        }
        ShareSettings settings = groups.settings(session.key().groupId());
        List<FetchPart> parts = parts(context, session, request, last);
        PendingShareFetch pending =
                new PendingShareFetch(
                        groups,
                        session.key(),
                        settings,
                        parts,
                        limits(context, request, last),
                        context.connection().loop());
        context.scope().onCancel(pending::cancel);
        CompletionStage<List<FetchPart>> done = pending.start();
        if (last) {
            groups.sessions().end(session.key());
        }
        boolean whole = request.shareSessionEpoch() == ShareSessions.OPENING_EPOCH;
        return done.thenApply(results -> {
            results.forEach(part -> part.lease().ifPresent(context.scope()::hold));
            throttle.fetched(
                    context, results.stream().mapToLong(part -> part.records().sizeBytes()).sum());
            return respond(results, whole, settings);
        });
    }

    private PendingShareFetch.Limits limits(
            RequestContext context, ShareFetchRequest request, boolean last) {
        return new PendingShareFetch.Limits(
                request.minBytes(),
                throttle.fetchBytesMax(context, Math.clamp(request.maxBytes(), 0, bytesMax)),
                last ? 0 : request.maxWaitMs(),
                last ? 0 : Math.max(0, request.maxRecords()),
                request.shareAcquireMode() == RECORD_LIMIT);
    }

    private void update(ShareSession session, ShareFetchRequest request) {
        String groupId = session.key().groupId();
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition partition : topic.partitions()) {
                SharePartitionId id =
                        new SharePartitionId(groupId, topic.topicId(), partition.partitionIndex());
                if (groups.partition(id).isPresent()) {
                    session.add(id);
                }
            }
        }
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            topic.partitions()
                    .forEach(partition ->
                            session.forget(
                                    new SharePartitionId(groupId, topic.topicId(), partition)));
        }
    }

    /** What is in the session, and what is acknowledged. */
    private List<FetchPart> parts(
            RequestContext context, ShareSession session, ShareFetchRequest request, boolean last) {
        Access access = context.connection().access();
        Map<SharePartitionId, FetchPart> parts = new LinkedHashMap<>();
        List<SharePartitionId> targets = last ? List.of() : session.targets();
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition partition : topic.partitions()) {
                SharePartitionId id =
                        new SharePartitionId(
                                session.key().groupId(),
                                topic.topicId(),
                                partition.partitionIndex());
                List<AcknowledgementBatch> batches = partition.acknowledgementBatches();
                FetchPart named = parts.get(id);
                if (named != null) {
                    named.failAcknowledgement(ErrorCode.INVALID_REQUEST); // named twice
                } else if (!batches.isEmpty()) {
                    boolean reads = targets.contains(id);
                    parts.put(id, acknowledging(access, id, batches, request.isRenewAck(), reads));
                } else if (!last) {
                    parts.put(id, part(access, id, List.of(), false, true));
                }
            }
        }
        for (SharePartitionId id : targets) {
            parts.computeIfAbsent(id, key -> part(access, key, List.of(), false, true));
        }
        List<FetchPart> ordered = new ArrayList<>();
        targets.forEach(id -> ordered.add(parts.remove(id)));
        ordered.addAll(parts.values());
        return ordered;
    }

    private FetchPart acknowledging(
            Access access,
            SharePartitionId id,
            List<AcknowledgementBatch> batches,
            boolean renews,
            boolean reads) {
        AcknowledgementBatches reading = new AcknowledgementBatches(renews);
        batches.forEach(batch ->
                reading.add(batch.firstOffset(), batch.lastOffset(), batch.acknowledgeTypes()));
        Optional<List<Acknowledgement>> read = reading.read();
        FetchPart part = part(access, id, read.orElse(List.of()), true, reads);
        if (read.isEmpty()) {
            part.failAcknowledgement(ErrorCode.INVALID_REQUEST);
        }
        return part;
    }

    private FetchPart part(
            Access access,
            SharePartitionId id,
            List<Acknowledgement> acknowledgements,
            boolean acknowledges,
            boolean reads) {
        Optional<Topic> topic = groups.topics().find(id.topicId());
        Optional<Partition> partition = topic.flatMap(found -> found.partition(id.partition()));
        FetchPart part =
                new FetchPart(
                        id,
                        reads ? partition : Optional.empty(),
                        partition.isPresent() ? groups.lane(id) : new Lanes.Lane(),
                        acknowledgements,
                        acknowledges);
        Optional<ErrorCode> refusal = ShareAcknowledgeHandler.refusal(access, topic, partition);
        if (refusal.isPresent()) {
            part.fail(refusal.get());
            if (acknowledges) {
                part.failAcknowledgement(refusal.get());
            }
        }
        return part;
    }

    private static ShareFetchResponse respond(
            List<FetchPart> parts, boolean whole, ShareSettings settings) {
        Map<UUID, List<PartitionData>> byTopic = new LinkedHashMap<>();
        for (FetchPart part : parts) {
            boolean telling =
                    whole
                            || part.error() != ErrorCode.NONE
                            || part.acknowledges()
                            || !part.deliveries().isEmpty();
            if (telling) {
                byTopic.computeIfAbsent(part.id().topicId(), id -> new ArrayList<>())
                        .add(data(part));
            }
        }
        List<ShareFetchableTopicResponse> topics = new ArrayList<>();
        byTopic.forEach((id, data) -> topics.add(new ShareFetchableTopicResponse(id, data)));
        return new ShareFetchResponse(
                0, ErrorCode.NONE.code(), null, settings.lockMillis(), topics, List.of());
    }

    private static PartitionData data(FetchPart part) {
        return new PartitionData(
                part.id().partition(),
                part.error().code(),
                message(part.error()),
                part.acknowledged().code(),
                message(part.acknowledged()),
                LeaderIdAndEpoch.UNKNOWN,
                part.records(),
                part.deliveries().stream()
                        .map(delivery ->
                                new AcquiredRecords(
                                        delivery.first(),
                                        delivery.last(),
                                        (short) Math.min(delivery.count(), Short.MAX_VALUE)))
                        .toList());
    }

    private static @Nullable String message(ErrorCode error) {
        return error == ErrorCode.NONE ? null : error.message();
    }

    private static CompletionStage<ShareFetchResponse> refused(
            ErrorCode error, @Nullable String message) {
        return CompletableFuture.completedFuture(
                new ShareFetchResponse(
                        0,
                        error.code(),
                        message == null ? error.message() : message,
                        0,
                        List.of(),
                        List.of()));
    }
}
