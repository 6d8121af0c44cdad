package io.leat.broker.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.network.RawClient;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.ApiVersionsRequest;
import io.leat.wire.message.ApiVersionsResponse;
import io.leat.wire.message.CreateTopicsRequest;
import io.leat.wire.message.CreateTopicsRequest.CreatableTopic;
import io.leat.wire.message.CreateTopicsResponse;
import io.leat.wire.message.DeleteTopicsRequest;
import io.leat.wire.message.DeleteTopicsRequest.DeleteTopicState;
import io.leat.wire.message.DeleteTopicsResponse;
import io.leat.wire.message.DescribeConfigsRequest;
import io.leat.wire.message.DescribeConfigsResponse;
import io.leat.wire.message.FetchRequest;
import io.leat.wire.message.FetchResponse;
import io.leat.wire.message.InitProducerIdRequest;
import io.leat.wire.message.InitProducerIdResponse;
import io.leat.wire.message.ListOffsetsRequest;
import io.leat.wire.message.ListOffsetsResponse;
import io.leat.wire.message.MetadataRequest;
import io.leat.wire.message.MetadataRequest.MetadataRequestTopic;
import io.leat.wire.message.MetadataResponse;
import io.leat.wire.message.ProduceRequest;
import io.leat.wire.message.ProduceRequest.PartitionProduceData;
import io.leat.wire.message.ProduceRequest.TopicProduceData;
import io.leat.wire.message.ProduceResponse;
import io.leat.wire.message.ProduceResponse.PartitionProduceResponse;
import io.leat.wire.record.RecordBatchBuilder;
import io.leat.wire.schema.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes that no official client makes, and the error codes that they get. */
class ProtocolErrorsTest {
    private static final String TOPIC = "errors";

    private static EmbeddedBroker broker;
    private static RawClient client;
    private static UUID topicId;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start(Map.of());
        client = new RawClient(broker.broker().address());
        topicId =
                client.call(
                                ApiKey.CREATE_TOPICS,
                                7,
                                CreateTopicsRequest.class,
                                CreateTopicsResponse.class,
                                new CreateTopicsRequest(
                                        List.of(
                                                new CreatableTopic(
                                                        TOPIC, 1, (short) 1, List.of(), List.of())),
                                        1000,
                                        false))
                        .topics()
                        .getFirst()
                        .topicId();
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        broker.close();
    }

    // ---- versions

    @Test
    void aNewerApiVersionsIsAnsweredInVersion0WithTheVersionsThereAre() throws IOException {
        client.sendFrame(
                ByteBuffer.allocate(12).putShort((short) 18).putShort((short) 99).putInt(5).flip());
        ApiVersionsResponse response =
                client.receive(ApiKey.API_VERSIONS, 0, 5, ApiVersionsResponse.class);
        assertEquals(ErrorCode.UNSUPPORTED_VERSION.code(), response.errorCode());
        assertEquals(
                List.of(new ApiVersionsResponse.ApiVersion((short) 18, (short) 0, (short) 5)),
                response.apiKeys());
    }

    @Test
    void aClientThatLooksForAnotherBrokerIsSentAway() throws IOException {
        String cluster = broker.broker().clusterId();
        assertEquals(ErrorCode.NONE, apiVersions(null, -1));
        assertEquals(ErrorCode.NONE, apiVersions(cluster, 0));
        assertEquals(ErrorCode.REBOOTSTRAP_REQUIRED, apiVersions(cluster, 1));
        assertEquals(ErrorCode.REBOOTSTRAP_REQUIRED, apiVersions("another", 0));
    }

    private static ErrorCode apiVersions(String cluster, int node) throws IOException {
        return ErrorCode.of(
                client.call(
                                ApiKey.API_VERSIONS,
                                5,
                                ApiVersionsRequest.class,
                                ApiVersionsResponse.class,
                                new ApiVersionsRequest("test", "1", cluster, node))
                        .errorCode());
    }

    @Test
    void aTopicThatIsNamedTwiceIsToldOfOnce() throws IOException {
        MetadataRequestTopic named = new MetadataRequestTopic(TopicIds.NONE, TOPIC);
        MetadataRequestTopic byId = new MetadataRequestTopic(topicId, null);
        assertEquals(List.of(topicId, topicId), told(List.of(named, byId, named, named, byId)));
    }

    @Test
    void aTopicThatIsNamedTwiceIsNotDeleted() throws IOException {
        DeleteTopicState named = new DeleteTopicState(TOPIC, TopicIds.NONE);
        DeleteTopicState byId = new DeleteTopicState(null, topicId);
        assertEquals(List.of(ErrorCode.INVALID_REQUEST), delete(named, named));
        assertEquals(List.of(ErrorCode.INVALID_REQUEST), delete(byId, byId));
        assertEquals(
                List.of(ErrorCode.INVALID_REQUEST, ErrorCode.INVALID_REQUEST), delete(named, byId));
        assertEquals(List.of(topicId), told(List.of(new MetadataRequestTopic(topicId, null))));
    }

    /** The ids of the topics that Metadata tells of without an error. */
    private static List<UUID> told(List<MetadataRequestTopic> asked) throws IOException {
        return client
                .call(
                        ApiKey.METADATA,
                        12,
                        MetadataRequest.class,
                        MetadataResponse.class,
                        new MetadataRequest(asked, false, false, false))
                .topics()
                .stream()
                .filter(topic -> topic.errorCode() == ErrorCode.NONE.code())
                .map(topic -> topic.topicId())
                .toList();
    }

    private static List<ErrorCode> delete(DeleteTopicState... topics) throws IOException {
        return client
                .call(
                        ApiKey.DELETE_TOPICS,
                        6,
                        DeleteTopicsRequest.class,
                        DeleteTopicsResponse.class,
                        new DeleteTopicsRequest(List.of(topics), List.of(), 1000))
                .responses()
                .stream()
                .map(result -> ErrorCode.of(result.errorCode()))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void oldProduceIsAnsweredWithUnsupportedVersion(int version) throws IOException {
        byte[] name = TOPIC.getBytes(StandardCharsets.UTF_8);
        ByteBuffer request =
                ByteBuffer.allocate(200)
                        .putShort((short) 0)
                        .putShort((short) version)
                        .putInt(9)
                        .putShort((short) -1)
                        .putShort((short) 1)
                        .putInt(1000)
                        .putInt(1)
                        .putShort((short) name.length)
                        .put(name)
                        .putInt(1)
                        .putInt(0)
                        .putInt(3)
                        .put(new byte[3])
                        .flip();
        client.sendFrame(request);
        ByteBuffer response = client.receive();
        assertEquals(9, response.getInt());
        assertEquals(1, response.getInt());
        assertEquals(name.length, response.getShort());
        response.position(response.position() + name.length);
        assertEquals(1, response.getInt());
        assertEquals(0, response.getInt());
        assertEquals(ErrorCode.UNSUPPORTED_VERSION.code(), response.getShort());
        assertEquals(-1, response.getLong());
        if (version >= 2) {
            assertEquals(-1, response.getLong());
        }
        if (version >= 1) {
            assertEquals(0, response.getInt());
        }
        assertEquals(0, response.remaining());
    }

    @Test
    void cutOffOldProduceClosesTheConnection() throws IOException {
        try (RawClient own = new RawClient(broker.broker().address())) {
            own.sendFrame(ByteBuffer.allocate(14).putInt(0).putInt(1).rewind());
            assertTrue(own.closedByPeer());
        }
    }

    // ---- produce

    @Test
    void damagedBatchesAreRefusedAndNothingIsWritten() throws IOException {
        long before = latest();
        ByteBuffer crc = batch();
        crc.put(crc.limit() - 1, (byte) ~crc.get(crc.limit() - 1));
        assertError(ErrorCode.CORRUPT_MESSAGE, produce((short) -1, 0, crc));
        ByteBuffer magic = batch();
        magic.put(16, (byte) 1);
        assertError(ErrorCode.INVALID_RECORD, produce((short) -1, 0, magic));
        ByteBuffer twice = ByteBuffer.allocate(2 * batch().limit());
        twice.put(batch()).put(batch()).flip();
        assertError(ErrorCode.INVALID_RECORD, produce((short) -1, 0, twice));
        assertError(ErrorCode.INVALID_RECORD, produce((short) -1, 0, ByteBuffer.allocate(0)));
        ByteBuffer cut = batch();
        cut.limit(cut.limit() - 3);
        assertError(ErrorCode.INVALID_RECORD, produce((short) -1, 0, cut));
        assertEquals(before, latest());
    }

    @Test
    void unknownAcknowledgementsAreRefused() throws IOException {
        assertError(ErrorCode.INVALID_REQUIRED_ACKS, produce((short) 7, 0, batch()));
    }

    @Test
    void unknownPartitionsAndTopicsAreToldApart() throws IOException {
        assertError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, produce((short) -1, 5, batch()));
        assertError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, produce((short) -1, -1, batch()));
        assertError(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                produce(12, (short) -1, "nobody", TopicIds.NONE, 0, batch()));
        assertError(
                ErrorCode.UNKNOWN_TOPIC_ID,
                produce(13, (short) -1, "", UUID.randomUUID(), 0, batch()));
        assertError(ErrorCode.NONE, produce(13, (short) -1, "", topicId, 0, batch()));
    }

    @Test
    void idempotentProducersAreHeldToTheirSequence() throws IOException {
        long id = producerId();
        assertError(ErrorCode.NONE, produce((short) -1, 0, batch(id, 0)));
        PartitionProduceResponse first = produce((short) -1, 0, batch(id, 1));
        PartitionProduceResponse again = produce((short) -1, 0, batch(id, 1));
        assertError(ErrorCode.NONE, again);
        assertEquals(first.baseOffset(), again.baseOffset(), "a duplicate is where it was");
        assertError(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, produce((short) -1, 0, batch(id, 9)));
    }

    @Test
    void transactionalBatchesWithoutATransactionalIdAreRefused() throws IOException {
        RecordBatchBuilder transactional =
                RecordBatchBuilder.growable(100)
                        .producer(producerId(), (short) 0, 0)
                        .transactional();
        transactional.append(1, null, new byte[1]);
        assertError(ErrorCode.INVALID_TXN_STATE, produce((short) -1, 0, transactional.build()));
    }

    @Test
    void anErrorWithoutAcknowledgementClosesTheConnection() throws IOException {
        try (RawClient own = new RawClient(broker.broker().address())) {
            own.send(
                    ApiKey.PRODUCE,
                    12,
                    1,
                    ProduceRequest.class,
                    request((short) 0, TOPIC, TopicIds.NONE, 9, batch()));
            assertTrue(own.closedByPeer());
        }
    }

    // ---- the others

    @Test
    void fetchesAreRefusedPartitionByPartition() throws IOException {
        assertEquals(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, fetch(12, "nobody", TopicIds.NONE, 0, 0, -1));
        assertEquals(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, fetch(12, TOPIC, TopicIds.NONE, 8, 0, -1));
        assertEquals(ErrorCode.UNKNOWN_TOPIC_ID, fetch(17, "", UUID.randomUUID(), 0, 0, -1));
        assertEquals(ErrorCode.OFFSET_OUT_OF_RANGE, fetch(17, "", topicId, 0, Long.MAX_VALUE, -1));
        assertEquals(ErrorCode.OFFSET_OUT_OF_RANGE, fetch(17, "", topicId, 0, -5, -1));
        assertEquals(ErrorCode.UNKNOWN_LEADER_EPOCH, fetch(17, "", topicId, 0, 0, 3));
        assertEquals(ErrorCode.NONE, fetch(17, "", topicId, 0, 0, 0));
    }

    @Test
    void offsetsAreAskedForByWhatTheVersionKnows() throws IOException {
        assertEquals(ErrorCode.UNSUPPORTED_VERSION, listOffsets(6, -3));
        assertEquals(ErrorCode.NONE, listOffsets(7, -3));
        assertEquals(ErrorCode.UNSUPPORTED_VERSION, listOffsets(11, -99));
    }

    @Test
    void unknownTopicIdsAndBadNamesAreToldInMetadata() throws IOException {
        MetadataResponse response =
                client.call(
                        ApiKey.METADATA,
                        12,
                        MetadataRequest.class,
                        MetadataResponse.class,
                        new MetadataRequest(
                                List.of(
                                        new MetadataRequest.MetadataRequestTopic(
                                                UUID.randomUUID(), null),
                                        new MetadataRequest.MetadataRequestTopic(
                                                TopicIds.NONE, "a/b"),
                                        new MetadataRequest.MetadataRequestTopic(topicId, null)),
                                true,
                                false,
                                false));
        assertEquals(
                List.of(
                        ErrorCode.UNKNOWN_TOPIC_ID.code(),
                        ErrorCode.INVALID_TOPIC_EXCEPTION.code(),
                        ErrorCode.NONE.code()),
                response.topics().stream()
                        .map(MetadataResponse.MetadataResponseTopic::errorCode)
                        .toList());
    }

    @Test
    void theConfigOfAnotherBrokerIsNotHere() throws IOException {
        DescribeConfigsResponse response =
                client.call(
                        ApiKey.DESCRIBE_CONFIGS,
                        4,
                        DescribeConfigsRequest.class,
                        DescribeConfigsResponse.class,
                        new DescribeConfigsRequest(
                                List.of(
                                        new DescribeConfigsRequest.DescribeConfigsResource(
                                                (byte) 4, "7", null)),
                                false,
                                false));
        assertEquals(ErrorCode.INVALID_REQUEST.code(), response.results().getFirst().errorCode());
        assertEquals(
                "There is no broker '7', only 0", response.results().getFirst().errorMessage());
    }

    // ---- requests

    private static ByteBuffer batch() {
        return batch(-1, -1);
    }

    private static ByteBuffer batch(long producerId, int sequence) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(100);
        if (producerId >= 0) {
            builder.producer(producerId, (short) 0, sequence);
        }
        assertTrue(builder.append(1_700_000_000_000L, null, new byte[] {1, 2, 3}));
        return builder.build();
    }

    private static long producerId() throws IOException {
        return client.call(
                        ApiKey.INIT_PRODUCER_ID,
                        5,
                        InitProducerIdRequest.class,
                        InitProducerIdResponse.class,
                        new InitProducerIdRequest(null, 1000, -1, (short) -1))
                .producerId();
    }

    private static ProduceRequest request(
            short acks, String topic, UUID id, int partition, ByteBuffer records) {
        return new ProduceRequest(
                null,
                acks,
                1000,
                List.of(
                        new TopicProduceData(
                                topic,
                                id,
                                List.of(
                                        new PartitionProduceData(
                                                partition, new Payload.OfBuffer(records))))));
    }

    private static PartitionProduceResponse produce(short acks, int partition, ByteBuffer records)
            throws IOException {
        return produce(12, acks, TOPIC, TopicIds.NONE, partition, records);
    }

    private static PartitionProduceResponse produce(
            int version, short acks, String topic, UUID id, int partition, ByteBuffer records)
            throws IOException {
        return client.call(
                        ApiKey.PRODUCE,
                        version,
                        ProduceRequest.class,
                        ProduceResponse.class,
                        request(acks, topic, id, partition, records))
                .responses()
                .getFirst()
                .partitionResponses()
                .getFirst();
    }

    private static ErrorCode fetch(
            int version, String topic, UUID id, int partition, long offset, int epoch)
            throws IOException {
        FetchResponse response =
                client.call(
                        ApiKey.FETCH,
                        version,
                        FetchRequest.class,
                        FetchResponse.class,
                        new FetchRequest(
                                null,
                                -1,
                                new FetchRequest.ReplicaState(-1, -1),
                                0,
                                1,
                                1000,
                                (byte) 0,
                                0,
                                -1,
                                List.of(
                                        new FetchRequest.FetchTopic(
                                                topic,
                                                id,
                                                List.of(
                                                        new FetchRequest.FetchPartition(
                                                                partition,
                                                                epoch,
                                                                offset,
                                                                -1,
                                                                -1,
                                                                1000,
                                                                TopicIds.NONE,
                                                                Long.MAX_VALUE)))),
                                List.of(),
                                ""));
        return ErrorCode.of(response.responses().getFirst().partitions().getFirst().errorCode());
    }

    private static long latest() throws IOException {
        return list(7, -1).topics().getFirst().partitions().getFirst().offset();
    }

    @Test
    void offsetsAreListedInEveryVersion() throws IOException {
        long latest = latest();
        for (int version = 1; version <= 11; version++) {
            var partition = list(version, -1).topics().getFirst().partitions().getFirst();
            assertEquals(latest, partition.offset(), "version " + version);
        }
    }

    private static ErrorCode listOffsets(int version, long timestamp) throws IOException {
        return ErrorCode.of(
                list(version, timestamp).topics().getFirst().partitions().getFirst().errorCode());
    }

    private static ListOffsetsResponse list(int version, long timestamp) throws IOException {
        return client.call(
                ApiKey.LIST_OFFSETS,
                version,
                ListOffsetsRequest.class,
                ListOffsetsResponse.class,
                new ListOffsetsRequest(
                        -1,
                        (byte) 0,
                        List.of(
                                new ListOffsetsRequest.ListOffsetsTopic(
                                        TOPIC,
                                        List.of(
                                                new ListOffsetsRequest.ListOffsetsPartition(
                                                        0, -1, timestamp)))),
                        0));
    }

    private static void assertError(ErrorCode expected, PartitionProduceResponse response) {
        assertEquals(expected, ErrorCode.of(response.errorCode()), () -> response.errorMessage());
    }
}
