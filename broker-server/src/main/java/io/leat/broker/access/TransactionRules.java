package io.leat.broker.access;

import static io.leat.broker.access.Operation.ALTER;
import static io.leat.broker.access.Operation.CLUSTER_ACTION;
import static io.leat.broker.access.Operation.DESCRIBE;
import static io.leat.broker.access.Operation.IDEMPOTENT_WRITE;
import static io.leat.broker.access.Operation.READ;
import static io.leat.broker.access.Operation.WRITE;
import static io.leat.broker.access.ResourceType.CLUSTER;
import static io.leat.broker.access.ResourceType.CLUSTER_NAME;
import static io.leat.broker.access.ResourceType.GROUP;
import static io.leat.broker.access.ResourceType.TOPIC;
import static io.leat.broker.access.ResourceType.TRANSACTIONAL_ID;

import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.AddOffsetsToTxnRequest;
import io.leat.wire.message.AddOffsetsToTxnResponse;
import io.leat.wire.message.AddPartitionsToTxnRequest;
import io.leat.wire.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.leat.wire.message.AddPartitionsToTxnResponse;
import io.leat.wire.message.AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult;
import io.leat.wire.message.AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult;
import io.leat.wire.message.DescribeTransactionsRequest;
import io.leat.wire.message.DescribeTransactionsResponse;
import io.leat.wire.message.DescribeTransactionsResponse.TransactionState;
import io.leat.wire.message.EndTxnRequest;
import io.leat.wire.message.EndTxnResponse;
import io.leat.wire.message.InitProducerIdRequest;
import io.leat.wire.message.InitProducerIdResponse;
import io.leat.wire.message.ListTransactionsRequest;
import io.leat.wire.message.ListTransactionsResponse;
import io.leat.wire.message.TxnOffsetCommitRequest;
import io.leat.wire.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.leat.wire.message.TxnOffsetCommitResponse;
import io.leat.wire.message.TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition;
import io.leat.wire.message.TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic;
import io.leat.wire.message.WriteTxnMarkersRequest;
import io.leat.wire.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.leat.wire.message.WriteTxnMarkersResponse;
import io.leat.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult;
import io.leat.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerResult;
import io.leat.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerTopicResult;
import java.util.List;
import java.util.function.Function;

/** The APIs of transactions and of producers' ids. */
final class TransactionRules {
    /** The first version of AddPartitionsToTxn that is for brokers. */
    private static final int ADD_MANY_SINCE = 4;

    /** The first version of TxnOffsetCommit that names topics by id. */
    private static final int COMMIT_IDS_SINCE = 6;

    private static final short NO_ERROR = ErrorCode.NONE.code();
    private static final short ID_DENIED = TRANSACTIONAL_ID.refusal().code();

    private final TopicNames topics;

    TransactionRules(TopicNames topics) {
        this.topics = topics;
    }

    void addTo(AccessRules rules) {
        rules.add(
                        ApiKey.INIT_PRODUCER_ID,
                        InitProducerIdRequest.class,
                        InitProducerIdResponse.class,
                        TransactionRules::init)
                .add(
                        ApiKey.ADD_PARTITIONS_TO_TXN,
                        AddPartitionsToTxnRequest.class,
                        AddPartitionsToTxnResponse.class,
                        TransactionRules::addPartitions)
                .add(
                        ApiKey.ADD_OFFSETS_TO_TXN,
                        AddOffsetsToTxnRequest.class,
                        AddOffsetsToTxnResponse.class,
                        TransactionRules::addOffsets)
                .add(
                        ApiKey.TXN_OFFSET_COMMIT,
                        TxnOffsetCommitRequest.class,
                        TxnOffsetCommitResponse.class,
                        this::commitOffsets)
                .add(
                        ApiKey.END_TXN,
                        EndTxnRequest.class,
                        EndTxnResponse.class,
                        TransactionRules::end)
                .add(
                        ApiKey.WRITE_TXN_MARKERS,
                        WriteTxnMarkersRequest.class,
                        WriteTxnMarkersResponse.class,
                        TransactionRules::writeMarkers)
                .add(
                        ApiKey.DESCRIBE_TRANSACTIONS,
                        DescribeTransactionsRequest.class,
                        DescribeTransactionsResponse.class,
                        TransactionRules::describe)
                .add(
                        ApiKey.LIST_TRANSACTIONS,
                        ListTransactionsRequest.class,
                        ListTransactionsResponse.class,
                        TransactionRules::list);
    }

    private static Verdict<InitProducerIdRequest, InitProducerIdResponse> init(
            Access access, short version, InitProducerIdRequest request) {
        String id = request.transactionalId();
        if (id != null) {
            return Verdict.all(
                    access.may(WRITE, TRANSACTIONAL_ID, id), request, uninitialised(ID_DENIED));
        }
        // Idempotence is for everybody who may write to any topic (KIP-679).
        boolean allowed =
                access.sees(IDEMPOTENT_WRITE, CLUSTER, CLUSTER_NAME)
                        || access.mayAnywhere(WRITE, TOPIC)
                        || access.mayOnCluster(IDEMPOTENT_WRITE);
        return Verdict.all(allowed, request, uninitialised(CLUSTER.refusal().code()));
    }

    private static InitProducerIdResponse uninitialised(short error) {
        return new InitProducerIdResponse(0, error, -1, (short) -1);
    }

    private static Verdict<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse> addPartitions(
            Access access, short version, AddPartitionsToTxnRequest request) {
        if (version >= ADD_MANY_SINCE) {
            return Verdict.all(
                    access.mayOnCluster(CLUSTER_ACTION),
                    request,
                    new AddPartitionsToTxnResponse(
                            0, CLUSTER.refusal().code(), List.of(), List.of()));
        }
        if (!access.may(WRITE, TRANSACTIONAL_ID, request.v3AndBelowTransactionalId())) {
            return Verdict.refuse(notAdded(request, topic -> ID_DENIED));
        }
        Split<AddPartitionsToTxnTopic> split =
                Split.of(
                        request.v3AndBelowTopics(),
                        topic -> access.may(WRITE, TOPIC, topic.name()));
        // All or nothing, as a transaction should.
        return split.denied().isEmpty()
                ? Verdict.pass(request)
                : Verdict.refuse(
                        notAdded(
                                request,
                                topic ->
                                        split.denied().contains(topic)
                                                ? TOPIC.refusal().code()
                                                : ErrorCode.OPERATION_NOT_ATTEMPTED.code()));
    }

    private static AddPartitionsToTxnResponse notAdded(
            AddPartitionsToTxnRequest request, Function<AddPartitionsToTxnTopic, Short> error) {
        return new AddPartitionsToTxnResponse(
                0,
                NO_ERROR,
                List.of(),
                request.v3AndBelowTopics().stream()
                        .map(topic ->
                                new AddPartitionsToTxnTopicResult(
                                        topic.name(),
                                        topic.partitions().stream()
                                                .map(partition ->
                                                        new AddPartitionsToTxnPartitionResult(
                                                                partition, error.apply(topic)))
                                                .toList()))
                        .toList());
    }

    private static Verdict<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse> addOffsets(
            Access access, short version, AddOffsetsToTxnRequest request) {
        if (!access.may(WRITE, TRANSACTIONAL_ID, request.transactionalId())) {
            return Verdict.refuse(new AddOffsetsToTxnResponse(0, ID_DENIED));
        }
        return Verdict.all(
                access.may(READ, GROUP, request.groupId()),
                request,
                new AddOffsetsToTxnResponse(0, GROUP.refusal().code()));
    }

    private Verdict<TxnOffsetCommitRequest, TxnOffsetCommitResponse> commitOffsets(
            Access access, short version, TxnOffsetCommitRequest request) {
        if (!access.may(WRITE, TRANSACTIONAL_ID, request.transactionalId())) {
            return Verdict.refuse(uncommitted(request, ID_DENIED));
        }
        if (!access.may(READ, GROUP, request.groupId())) {
            return Verdict.refuse(uncommitted(request, GROUP.refusal().code()));
        }
        boolean byId = version >= COMMIT_IDS_SINCE;
        return Split.<TxnOffsetCommitRequestTopic>of(
                        request.topics(),
                        topic ->
                                byId
                                        ? topics.nameOf(topic.topicId())
                                                .map(name -> access.may(READ, TOPIC, name))
                                                .orElse(true)
                                        : access.may(READ, TOPIC, topic.name()))
                .verdict(
                        request,
                        allowed ->
                                new TxnOffsetCommitRequest(
                                        request.transactionalId(),
                                        request.groupId(),
                                        request.producerId(),
                                        request.producerEpoch(),
                                        request.generationIdOrMemberEpoch(),
                                        request.memberId(),
                                        request.groupInstanceId(),
                                        allowed),
                        topic -> uncommitted(topic, TOPIC.refusal().code()),
                        refused -> new TxnOffsetCommitResponse(0, refused),
                        (response, refused) ->
                                new TxnOffsetCommitResponse(
                                        response.throttleTimeMs(),
                                        Split.joined(response.topics(), refused)));
    }

    private static TxnOffsetCommitResponse uncommitted(
            TxnOffsetCommitRequest request, short error) {
        return new TxnOffsetCommitResponse(
                0, request.topics().stream().map(topic -> uncommitted(topic, error)).toList());
    }

    private static TxnOffsetCommitResponseTopic uncommitted(
            TxnOffsetCommitRequestTopic topic, short error) {
        return new TxnOffsetCommitResponseTopic(
                topic.name(),
                topic.topicId(),
                topic.partitions().stream()
                        .map(partition ->
                                new TxnOffsetCommitResponsePartition(
                                        partition.partitionIndex(), error))
                        .toList());
    }

    private static Verdict<EndTxnRequest, EndTxnResponse> end(
            Access access, short version, EndTxnRequest request) {
        return Verdict.all(
                access.may(WRITE, TRANSACTIONAL_ID, request.transactionalId()),
                request,
                new EndTxnResponse(0, ID_DENIED, -1, (short) -1));
    }

    /** Whoever may alter the cluster may end hanging transactions (KIP-664). */
    private static Verdict<WriteTxnMarkersRequest, WriteTxnMarkersResponse> writeMarkers(
            Access access, short version, WriteTxnMarkersRequest request) {
        return access.sees(ALTER, CLUSTER, CLUSTER_NAME) || access.mayOnCluster(CLUSTER_ACTION)
                ? Verdict.pass(request)
                : Verdict.refuse(
                        new WriteTxnMarkersResponse(
                                request.markers().stream()
                                        .map(TransactionRules::unmarked)
                                        .toList()));
    }

    private static WritableTxnMarkerResult unmarked(WritableTxnMarker marker) {
        short error = CLUSTER.refusal().code();
        return new WritableTxnMarkerResult(
                marker.producerId(),
                marker.topics().stream()
                        .map(topic ->
                                new WritableTxnMarkerTopicResult(
                                        topic.name(),
                                        topic.partitionIndexes().stream()
                                                .map(partition ->
                                                        new WritableTxnMarkerPartitionResult(
                                                                partition, error))
                                                .toList()))
                        .toList());
    }

    private static Verdict<DescribeTransactionsRequest, DescribeTransactionsResponse> describe(
            Access access, short version, DescribeTransactionsRequest request) {
        Split<String> split =
                Split.of(
                        request.transactionalIds(),
                        id -> access.may(DESCRIBE, TRANSACTIONAL_ID, id));
        List<TransactionState> refused =
                split.denied().stream()
                        .map(id ->
                                new TransactionState(
                                        ID_DENIED, id, "", 0, -1, -1, (short) -1, List.of()))
                        .toList();
        return new Verdict.Passed<>(
                new DescribeTransactionsRequest(split.allowed()),
                response ->
                        new DescribeTransactionsResponse(
                                response.throttleTimeMs(),
                                Split.joined(
                                        response.transactionStates().stream()
                                                .map(state -> shown(access, state))
                                                .toList(),
                                        refused)),
                !refused.isEmpty());
    }

    /** A transaction without the topics that the client does not see. */
    private static TransactionState shown(Access access, TransactionState state) {
        return new TransactionState(
                state.errorCode(),
                state.transactionalId(),
                state.transactionState(),
                state.transactionTimeoutMs(),
                state.transactionStartTimeMs(),
                state.producerId(),
                state.producerEpoch(),
                Split.of(state.topics(), topic -> access.sees(DESCRIBE, TOPIC, topic.topic()))
                        .allowed());
    }

    private static Verdict<ListTransactionsRequest, ListTransactionsResponse> list(
            Access access, short version, ListTransactionsRequest request) {
        return Verdict.pass(
                request,
                response ->
                        new ListTransactionsResponse(
                                response.throttleTimeMs(),
                                response.errorCode(),
                                response.unknownStateFilters(),
                                Split.of(
                                                response.transactionStates(),
                                                state ->
                                                        access.sees(
                                                                DESCRIBE,
                                                                TRANSACTIONAL_ID,
                                                                state.transactionalId()))
                                        .allowed()));
    }
}
