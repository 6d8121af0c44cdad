package io.leat.broker.access;

import static io.leat.broker.access.Operation.CLUSTER_ACTION;
import static io.leat.broker.access.Operation.DELETE;
import static io.leat.broker.access.Operation.DESCRIBE;
import static io.leat.broker.access.Operation.READ;
import static io.leat.broker.access.Operation.WRITE;
import static io.leat.broker.access.ResourceType.CLUSTER;
import static io.leat.broker.access.ResourceType.CLUSTER_NAME;
import static io.leat.broker.access.ResourceType.TOPIC;
import static io.leat.broker.access.ResourceType.TRANSACTIONAL_ID;

import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.DeleteRecordsRequest;
import io.leat.wire.message.DeleteRecordsRequest.DeleteRecordsTopic;
import io.leat.wire.message.DeleteRecordsResponse;
import io.leat.wire.message.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import io.leat.wire.message.DeleteRecordsResponse.DeleteRecordsTopicResult;
import io.leat.wire.message.DescribeProducersRequest;
import io.leat.wire.message.DescribeProducersRequest.TopicRequest;
import io.leat.wire.message.DescribeProducersResponse;
import io.leat.wire.message.DescribeProducersResponse.PartitionResponse;
import io.leat.wire.message.DescribeProducersResponse.TopicResponse;
import io.leat.wire.message.FetchRequest;
import io.leat.wire.message.FetchResponse;
import io.leat.wire.message.LeatCancelDelayedRequest;
import io.leat.wire.message.LeatCancelDelayedResponse;
import io.leat.wire.message.LeatDescribeCompactionRequest;
import io.leat.wire.message.LeatDescribeCompactionResponse;
import io.leat.wire.message.LeatDescribeErasuresRequest;
import io.leat.wire.message.LeatDescribeErasuresResponse;
import io.leat.wire.message.LeatEraseKeysRequest;
import io.leat.wire.message.LeatEraseKeysResponse;
import io.leat.wire.message.LeatListDelayedRequest;
import io.leat.wire.message.LeatListDelayedResponse;
import io.leat.wire.message.ListOffsetsRequest;
import io.leat.wire.message.ListOffsetsRequest.ListOffsetsTopic;
import io.leat.wire.message.ListOffsetsResponse;
import io.leat.wire.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.leat.wire.message.ListOffsetsResponse.ListOffsetsTopicResponse;
import io.leat.wire.message.OffsetForLeaderEpochRequest;
import io.leat.wire.message.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.leat.wire.message.OffsetForLeaderEpochResponse;
import io.leat.wire.message.OffsetForLeaderEpochResponse.EpochEndOffset;
import io.leat.wire.message.OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult;
import io.leat.wire.message.ProduceRequest;
import io.leat.wire.message.ProduceRequest.TopicProduceData;
import io.leat.wire.message.ProduceResponse;
import io.leat.wire.message.ProduceResponse.PartitionProduceResponse;
import io.leat.wire.message.ProduceResponse.TopicProduceResponse;
import java.util.List;
import java.util.UUID;

/** The APIs that read, write and remove records. */
final class RecordRules {
    /** The first version of Produce that names topics by id. */
    private static final int PRODUCE_IDS_SINCE = 13;

    private static final short DENIED = TOPIC.refusal().code();

    private final TopicNames topics;

    RecordRules(TopicNames topics) {
        this.topics = topics;
    }

    void addTo(AccessRules rules) {
        rules.add(ApiKey.PRODUCE, ProduceRequest.class, ProduceResponse.class, this::produce)
                // Sessions remember what to read: the handler asks for each partition, each time.
                .add(
                        ApiKey.FETCH,
                        FetchRequest.class,
                        FetchResponse.class,
                        (access, version, request) -> Verdict.pass(request))
                .add(
                        ApiKey.LIST_OFFSETS,
                        ListOffsetsRequest.class,
                        ListOffsetsResponse.class,
                        RecordRules::listOffsets)
                .add(
                        ApiKey.DELETE_RECORDS,
                        DeleteRecordsRequest.class,
                        DeleteRecordsResponse.class,
                        RecordRules::deleteRecords)
                .add(
                        ApiKey.OFFSET_FOR_LEADER_EPOCH,
                        OffsetForLeaderEpochRequest.class,
                        OffsetForLeaderEpochResponse.class,
                        RecordRules::leaderEpoch)
                .add(
                        ApiKey.DESCRIBE_PRODUCERS,
                        DescribeProducersRequest.class,
                        DescribeProducersResponse.class,
                        RecordRules::describeProducers)
                .add(
                        ApiKey.LEAT_ERASE_KEYS,
                        LeatEraseKeysRequest.class,
                        LeatEraseKeysResponse.class,
                        RecordRules::eraseKeys)
                .add(
                        ApiKey.LEAT_DESCRIBE_ERASURES,
                        LeatDescribeErasuresRequest.class,
                        LeatDescribeErasuresResponse.class,
                        RecordRules::describeErasures)
                .add(
                        ApiKey.LEAT_DESCRIBE_COMPACTION,
                        LeatDescribeCompactionRequest.class,
                        LeatDescribeCompactionResponse.class,
                        RecordRules::describeCompaction)
                .add(
                        ApiKey.LEAT_LIST_DELAYED,
                        LeatListDelayedRequest.class,
                        LeatListDelayedResponse.class,
                        RecordRules::listDelayed)
                .add(
                        ApiKey.LEAT_CANCEL_DELAYED,
                        LeatCancelDelayedRequest.class,
                        LeatCancelDelayedResponse.class,
                        RecordRules::cancelDelayed);
    }

    private Verdict<ProduceRequest, ProduceResponse> produce(
            Access access, short version, ProduceRequest request) {
        String transactionalId = request.transactionalId();
        if (transactionalId != null && !access.may(WRITE, TRANSACTIONAL_ID, transactionalId)) {
            return Verdict.refuse(
                    produced(
                            request.topicData().stream()
                                    .map(topic -> unproduced(topic, TRANSACTIONAL_ID.refusal()))
                                    .toList()));
        }
        boolean byId = version >= PRODUCE_IDS_SINCE;
        return Split.of(
                        request.topicData(),
                        topic ->
                                byId
                                        ? mayWithId(access, WRITE, topic.topicId())
                                        : access.may(WRITE, TOPIC, topic.name()))
                .verdict(
                        request,
                        allowed ->
                                new ProduceRequest(
                                        transactionalId,
                                        request.acks(),
                                        request.timeoutMs(),
                                        allowed),
                        topic -> unproduced(topic, TOPIC.refusal()),
                        RecordRules::produced,
                        (response, refused) ->
                                new ProduceResponse(
                                        Split.joined(response.responses(), refused),
                                        response.throttleTimeMs(),
                                        response.nodeEndpoints()));
    }

    /** Who names an id that nobody has is told so by the handler. */
    private boolean mayWithId(Access access, Operation operation, UUID id) {
        return topics.nameOf(id).map(name -> access.may(operation, TOPIC, name)).orElse(true);
    }

    private static ProduceResponse produced(List<TopicProduceResponse> refused) {
        return new ProduceResponse(refused, 0, List.of());
    }

    private static TopicProduceResponse unproduced(TopicProduceData topic, ErrorCode error) {
        return new TopicProduceResponse(
                topic.name(),
                topic.topicId(),
                topic.partitionData().stream()
                        .map(partition ->
                                PartitionProduceResponse.failed(
                                        partition.index(), error, error.message()))
                        .toList());
    }

    private static Verdict<ListOffsetsRequest, ListOffsetsResponse> listOffsets(
            Access access, short version, ListOffsetsRequest request) {
        return Split.<ListOffsetsTopic>of(
                        request.topics(), topic -> access.may(DESCRIBE, TOPIC, topic.name()))
                .verdict(
                        request,
                        allowed ->
                                new ListOffsetsRequest(
                                        request.replicaId(),
                                        request.isolationLevel(),
                                        allowed,
                                        request.timeoutMs()),
                        topic ->
                                new ListOffsetsTopicResponse(
                                        topic.name(),
                                        topic.partitions().stream()
                                                .map(partition ->
                                                        new ListOffsetsPartitionResponse(
                                                                partition.partitionIndex(),
                                                                DENIED,
                                                                -1,
                                                                -1,
                                                                -1))
                                                .toList()),
                        refused -> new ListOffsetsResponse(0, refused),
                        (response, refused) ->
                                new ListOffsetsResponse(
                                        response.throttleTimeMs(),
                                        Split.joined(response.topics(), refused)));
    }

    private static Verdict<DeleteRecordsRequest, DeleteRecordsResponse> deleteRecords(
            Access access, short version, DeleteRecordsRequest request) {
        return Split.<DeleteRecordsTopic>of(
                        request.topics(), topic -> access.may(DELETE, TOPIC, topic.name()))
                .verdict(
                        request,
                        allowed -> new DeleteRecordsRequest(allowed, request.timeoutMs()),
                        topic ->
                                new DeleteRecordsTopicResult(
                                        topic.name(),
                                        topic.partitions().stream()
                                                .map(partition ->
                                                        new DeleteRecordsPartitionResult(
                                                                partition.partitionIndex(),
                                                                -1,
                                                                DENIED))
                                                .toList()),
                        refused -> new DeleteRecordsResponse(0, refused),
                        (response, refused) ->
                                new DeleteRecordsResponse(
                                        response.throttleTimeMs(),
                                        Split.joined(response.topics(), refused)));
    }

    private static Verdict<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse> leaderEpoch(
            Access access, short version, OffsetForLeaderEpochRequest request) {
        if (access.sees(CLUSTER_ACTION, CLUSTER, CLUSTER_NAME)) {
            return Verdict.pass(request);
        }
        return Split.<OffsetForLeaderTopic>of(
                        request.topics(), topic -> access.may(DESCRIBE, TOPIC, topic.topic()))
                .verdict(
                        request,
                        allowed -> new OffsetForLeaderEpochRequest(request.replicaId(), allowed),
                        topic ->
                                new OffsetForLeaderTopicResult(
                                        topic.topic(),
                                        topic.partitions().stream()
                                                .map(partition ->
                                                        new EpochEndOffset(
                                                                DENIED,
                                                                partition.partition(),
                                                                -1,
                                                                -1))
                                                .toList()),
                        refused -> new OffsetForLeaderEpochResponse(0, refused),
                        (response, refused) ->
                                new OffsetForLeaderEpochResponse(
                                        response.throttleTimeMs(),
                                        Split.joined(response.topics(), refused)));
    }

    private static Verdict<DescribeProducersRequest, DescribeProducersResponse> describeProducers(
            Access access, short version, DescribeProducersRequest request) {
        return Split.<TopicRequest>of(
                        request.topics(), topic -> access.may(READ, TOPIC, topic.name()))
                .verdict(
                        request,
                        DescribeProducersRequest::new,
                        topic ->
                                new TopicResponse(
                                        topic.name(),
                                        topic.partitionIndexes().stream()
                                                .map(partition ->
                                                        new PartitionResponse(
                                                                partition,
                                                                DENIED,
                                                                TOPIC.refusal().message(),
                                                                List.of()))
                                                .toList()),
                        refused -> new DescribeProducersResponse(0, refused),
                        (response, refused) ->
                                new DescribeProducersResponse(
                                        response.throttleTimeMs(),
                                        Split.joined(response.topics(), refused)));
    }

    private static Verdict<LeatEraseKeysRequest, LeatEraseKeysResponse> eraseKeys(
            Access access, short version, LeatEraseKeysRequest request) {
        return Verdict.all(
                access.may(DELETE, TOPIC, request.topic()),
                request,
                new LeatEraseKeysResponse(0, DENIED, TOPIC.refusal().message()));
    }

    private static Verdict<LeatDescribeCompactionRequest, LeatDescribeCompactionResponse>
            describeCompaction(
                    Access access, short version, LeatDescribeCompactionRequest request) {
        return Verdict.all(
                access.may(DESCRIBE, TOPIC, request.topic()),
                request,
                new LeatDescribeCompactionResponse(
                        0, DENIED, TOPIC.refusal().message(), List.of()));
    }

    /** Erasures of topics that the client does not see are left out, like the topics. */
    private static Verdict<LeatDescribeErasuresRequest, LeatDescribeErasuresResponse>
            describeErasures(Access access, short version, LeatDescribeErasuresRequest request) {
        return Verdict.pass(
                request,
                response ->
                        new LeatDescribeErasuresResponse(
                                response.throttleTimeMs(),
                                response.errorCode(),
                                response.errorMessage(),
                                response.erasures().stream()
                                        .filter(erasure ->
                                                access.sees(DESCRIBE, TOPIC, erasure.topic()))
                                        .toList()));
    }

    /** It shows the keys of records. */
    private static Verdict<LeatListDelayedRequest, LeatListDelayedResponse> listDelayed(
            Access access, short version, LeatListDelayedRequest request) {
        return Verdict.all(
                access.may(READ, TOPIC, request.topic()),
                request,
                new LeatListDelayedResponse(0, DENIED, TOPIC.refusal().message(), 0, List.of()));
    }

    /** A record with the header leat-delay-cancel does the same. */
    private static Verdict<LeatCancelDelayedRequest, LeatCancelDelayedResponse> cancelDelayed(
            Access access, short version, LeatCancelDelayedRequest request) {
        return Verdict.all(
                access.may(WRITE, TOPIC, request.topic()),
                request,
                new LeatCancelDelayedResponse(0, DENIED, TOPIC.refusal().message(), List.of()));
    }
}
