package io.leat.tests.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What ApiVersions advertises is exactly what works: the versions that Apache Kafka 4.4 accepts,
 * and each of them answered in its own form. Requests and answers are written and read by the
 * official client's own classes.
 */
class AdvertisedVersionsTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int CORRELATION_ID = 4_711;

    /** The APIs of the everyday job. */
    private static final Set<ApiKeys> SERVED =
            EnumSet.of(
                    ApiKeys.PRODUCE,
                    ApiKeys.FETCH,
                    ApiKeys.LIST_OFFSETS,
                    ApiKeys.METADATA,
                    ApiKeys.API_VERSIONS,
                    ApiKeys.CREATE_TOPICS,
                    ApiKeys.DELETE_TOPICS,
                    ApiKeys.CREATE_PARTITIONS,
                    ApiKeys.DESCRIBE_CONFIGS,
                    ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                    ApiKeys.DESCRIBE_CLUSTER,
                    ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                    ApiKeys.FIND_COORDINATOR,
                    ApiKeys.JOIN_GROUP,
                    ApiKeys.SYNC_GROUP,
                    ApiKeys.HEARTBEAT,
                    ApiKeys.LEAVE_GROUP,
                    ApiKeys.OFFSET_COMMIT,
                    ApiKeys.OFFSET_FETCH,
                    ApiKeys.OFFSET_DELETE,
                    ApiKeys.LIST_GROUPS,
                    ApiKeys.DESCRIBE_GROUPS,
                    ApiKeys.DELETE_GROUPS,
                    ApiKeys.INIT_PRODUCER_ID,
                    ApiKeys.DELETE_RECORDS,
                    ApiKeys.OFFSET_FOR_LEADER_EPOCH);

    private static TestBroker broker;

    private record Range(int min, int max) {}

    @BeforeAll
    static void start() {
        broker = TestBrokers.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void advertisesEveryVersionThatApacheKafkaAccepts() {
        Map<ApiKeys, Range> advertised = advertised();
        Map<ApiKeys, Range> expected = new TreeMap<>();
        for (ApiKeys api : SERVED) {
            expected.put(api, new Range(api.oldestVersion(), api.latestVersion(false)));
        }
        // librdkafka compresses only for brokers that name Produce version 0 (KAFKA-18659), so
        // Apache
        // Kafka names it too, though nobody has spoken it for a decade and no broker takes it.
        expected.put(ApiKeys.PRODUCE, new Range(0, ApiKeys.PRODUCE.latestVersion(false)));
        advertised.keySet().retainAll(SERVED);
        assertEquals(expected, advertised);
    }

    @TestFactory
    Stream<DynamicTest> everyAdvertisedVersionIsAnsweredInItsOwnForm() {
        Map<ApiKeys, Range> advertised = advertised();
        advertised.keySet().retainAll(SERVED);
        return advertised.entrySet().stream()
                .map(api ->
                        DynamicTest.dynamicTest(
                                api.getKey() + " " + api.getValue(),
                                () -> assertEquals(List.of(), faults(api))));
    }

    /** Sends a request with default values in each version over one connection. */
    private static List<String> faults(Map.Entry<ApiKeys, Range> advertised) {
        List<String> faults = new ArrayList<>();
        ApiKeys api = advertised.getKey();
        Range range = advertised.getValue();
        try (var connection = new RawConnection(broker.bootstrap())) {
            IntStream.rangeClosed(Math.max(range.min(), api.oldestVersion()), range.max())
                    .forEach(version -> {
                        try {
                            answer(connection, api, (short) version);
                        } catch (RuntimeException e) {
                            faults.add("version " + version + ": " + e);
                        }
                    });
        }
        return faults;
    }

    private static Map<ApiKeys, Range> advertised() {
        try (var connection = new RawConnection(broker.bootstrap())) {
            var answer =
                    (ApiVersionsResponseData) answer(connection, ApiKeys.API_VERSIONS, (short) 4);
            return answer.apiKeys().stream()
                    .filter(api -> ApiKeys.hasId(api.apiKey()))
                    .collect(
                            Collectors.toMap(
                                    api -> ApiKeys.forId(api.apiKey()),
                                    api -> new Range(api.minVersion(), api.maxVersion()),
                                    (a, b) -> a,
                                    TreeMap::new));
        }
    }

    private static ApiMessage answer(RawConnection connection, ApiKeys api, short version) {
        ApiMessageType type = ApiMessageType.fromApiKey(api.id);
        ApiMessage request = type.newRequest();
        if (request instanceof ProduceRequestData produce) {
            produce.setAcks((short) 1);
        }
        if (request instanceof ApiVersionsRequestData versions) {
            versions.setClientSoftwareName("leat-tests").setClientSoftwareVersion("1");
        }
        connection.send(frame(type, request, version));
        ByteBuffer answer = connection.readAnswer(LIMIT);
        var in = new ByteBufferAccessor(answer);
        var header = new ResponseHeaderData(in, type.responseHeaderVersion(version));
        assertEquals(CORRELATION_ID, header.correlationId());
        ApiMessage response = type.newResponse();
        response.read(in, version);
        assertTrue(!answer.hasRemaining(), () -> answer.remaining() + " bytes too many");
        return response;
    }

    private static byte[] frame(ApiMessageType type, ApiMessage request, short version) {
        RequestHeaderData header =
                new RequestHeaderData()
                        .setRequestApiKey(type.apiKey())
                        .setRequestApiVersion(version)
                        .setCorrelationId(CORRELATION_ID)
                        .setClientId("advertised");
        ByteBuffer head =
                MessageUtil.toByteBufferAccessor(header, type.requestHeaderVersion(version))
                        .buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(request, version).buffer();
        byte[] content = new byte[head.remaining() + body.remaining()];
        head.get(content, 0, head.remaining());
        body.get(content, content.length - body.remaining(), body.remaining());
        return BadFrames.frame(content);
    }
}
