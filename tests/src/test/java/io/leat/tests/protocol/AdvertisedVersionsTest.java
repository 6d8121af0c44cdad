package io.leat.tests.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.tests.harness.LeatBroker;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import io.leat.wire.message.Exchange;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.StringSerializer;
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
    /** The APIs of the everyday job. */
    private static final Set<ApiKeys> SERVED =
            EnumSet.of(
                    ApiKeys.STREAMS_GROUP_HEARTBEAT,
                    ApiKeys.STREAMS_GROUP_DESCRIBE,
                    ApiKeys.SHARE_GROUP_HEARTBEAT,
                    ApiKeys.SHARE_GROUP_DESCRIBE,
                    ApiKeys.SHARE_FETCH,
                    ApiKeys.SHARE_ACKNOWLEDGE,
                    ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS,
                    ApiKeys.ALTER_SHARE_GROUP_OFFSETS,
                    ApiKeys.DELETE_SHARE_GROUP_OFFSETS,
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
                    ApiKeys.ADD_PARTITIONS_TO_TXN,
                    ApiKeys.ADD_OFFSETS_TO_TXN,
                    ApiKeys.END_TXN,
                    ApiKeys.WRITE_TXN_MARKERS,
                    ApiKeys.TXN_OFFSET_COMMIT,
                    ApiKeys.LIST_TRANSACTIONS,
                    ApiKeys.DESCRIBE_TRANSACTIONS,
                    ApiKeys.DESCRIBE_PRODUCERS,
                    ApiKeys.DELETE_RECORDS,
                    ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                    ApiKeys.ALTER_REPLICA_LOG_DIRS,
                    ApiKeys.DESCRIBE_LOG_DIRS,
                    ApiKeys.CREATE_DELEGATION_TOKEN,
                    ApiKeys.RENEW_DELEGATION_TOKEN,
                    ApiKeys.EXPIRE_DELEGATION_TOKEN,
                    ApiKeys.DESCRIBE_DELEGATION_TOKEN,
                    ApiKeys.ELECT_LEADERS,
                    ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                    ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                    ApiKeys.DESCRIBE_CLIENT_QUOTAS,
                    ApiKeys.ALTER_CLIENT_QUOTAS,
                    ApiKeys.DESCRIBE_QUORUM,
                    ApiKeys.UPDATE_FEATURES,
                    ApiKeys.UNREGISTER_BROKER,
                    ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS,
                    ApiKeys.PUSH_TELEMETRY,
                    ApiKeys.LIST_CONFIG_RESOURCES,
                    ApiKeys.ADD_RAFT_VOTER,
                    ApiKeys.REMOVE_RAFT_VOTER,
                    ApiKeys.UNREGISTER_CONTROLLER);

    /** APIs whose requests make sense only as parts of a longer story, told by other tests. */
    private static final Set<ApiKeys> NEEDS_MORE =
            EnumSet.of(
                    ApiKeys.SHARE_GROUP_HEARTBEAT,
                    ApiKeys.SHARE_GROUP_DESCRIBE,
                    ApiKeys.SHARE_FETCH,
                    ApiKeys.SHARE_ACKNOWLEDGE,
                    ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS,
                    ApiKeys.ALTER_SHARE_GROUP_OFFSETS,
                    ApiKeys.DELETE_SHARE_GROUP_OFFSETS,
                    ApiKeys.DELETE_TOPICS,
                    ApiKeys.DELETE_GROUPS,
                    ApiKeys.OFFSET_DELETE,
                    ApiKeys.SYNC_GROUP,
                    ApiKeys.HEARTBEAT,
                    ApiKeys.LEAVE_GROUP,
                    ApiKeys.ADD_PARTITIONS_TO_TXN,
                    ApiKeys.ADD_OFFSETS_TO_TXN,
                    ApiKeys.END_TXN,
                    ApiKeys.TXN_OFFSET_COMMIT,
                    ApiKeys.CREATE_DELEGATION_TOKEN,
                    ApiKeys.RENEW_DELEGATION_TOKEN,
                    ApiKeys.EXPIRE_DELEGATION_TOKEN,
                    ApiKeys.DESCRIBE_DELEGATION_TOKEN,
                    ApiKeys.DESCRIBE_QUORUM,
                    ApiKeys.UNREGISTER_BROKER,
                    ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS,
                    ApiKeys.PUSH_TELEMETRY,
                    ApiKeys.ADD_RAFT_VOTER,
                    ApiKeys.REMOVE_RAFT_VOTER,
                    ApiKeys.UNREGISTER_CONTROLLER);

    private static final Pattern ERROR = Pattern.compile("errorCode=(?!0\\b)-?\\d+");

    /** A new member is told its id, and joins with it. */
    private static final Set<String> EXPECTED =
            Set.of("errorCode=" + Errors.MEMBER_ID_REQUIRED.code());

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

    /**
     * What the official client does not know are Leat's own APIs, far from those of Apache Kafka
     * and of other vendors. That clients pass over them is what all other tests with clients show.
     */
    @Test
    void whatTheOfficialClientDoesNotKnowIsLeatsOwn() {
        try (var connection = new RawConnection(broker.bootstrap())) {
            for (short version = 0; version <= 4; version++) {
                var answer =
                        (ApiVersionsResponseData)
                                OfficialMessages.exchange(
                                        connection, ApiKeys.API_VERSIONS, version);
                Map<Short, Range> unknown = new TreeMap<>();
                answer.apiKeys().stream()
                        .filter(api -> !ApiKeys.hasId(api.apiKey()))
                        .forEach(api ->
                                unknown.put(
                                        api.apiKey(),
                                        new Range(api.minVersion(), api.maxVersion())));
                Map<Short, Range> own = new TreeMap<>();
                if (broker instanceof LeatBroker) {
                    for (var exchange : Exchange.all()) {
                        if (exchange.api().isLeats()) {
                            own.put(
                                    exchange.api().id(),
                                    new Range(
                                            exchange.request().lowestVersion(),
                                            exchange.request().highestVersion()));
                        }
                    }
                }
                assertEquals(own, unknown, "version " + version);
            }
        }
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
                            OfficialMessages.exchange(connection, api, (short) version);
                        } catch (RuntimeException e) {
                            faults.add("version " + version + ": " + e);
                        }
                    });
        }
        return faults;
    }

    @TestFactory
    Stream<DynamicTest> everyVersionAnswersFilledRequestsWithoutError() throws Exception {
        FilledRequests requests = prepare();
        Map<ApiKeys, Range> advertised = advertised();
        advertised.keySet().retainAll(SERVED);
        advertised.keySet().removeAll(NEEDS_MORE);
        return advertised.keySet().stream()
                .map(api -> DynamicTest.dynamicTest("filled " + api, () -> check(api, requests)));
    }

    private static void check(ApiKeys api, FilledRequests requests) {
        try (var connection = new RawConnection(broker.bootstrap())) {
            for (short v = api.oldestVersion(); v <= api.latestVersion(false); v++) {
                String answer =
                        OfficialMessages.exchange(connection, api, v, requests.of(api, v))
                                .toString();
                int version = v;
                List<String> errors =
                        ERROR.matcher(answer)
                                .results()
                                .map(found -> found.group())
                                .filter(error -> !EXPECTED.contains(error))
                                .toList();
                assertEquals(List.of(), errors, () -> "version " + version + ": " + answer);
            }
        }
    }

    /** A topic with a record, and a group with a committed offset. */
    private static FilledRequests prepare() throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrap());
        try (Admin admin = Admin.create(config);
                var producer =
                        new KafkaProducer<>(
                                config, new StringSerializer(), new StringSerializer())) {
            admin.createTopics(Set.of(new NewTopic("filled", 1, (short) 1))).all().get();
            var _ = producer.send(new ProducerRecord<>("filled", "key", "value")).get();
            Uuid id =
                    admin.describeTopics(Set.of("filled"))
                            .allTopicNames()
                            .get()
                            .get("filled")
                            .topicId();
            admin.alterConsumerGroupOffsets(
                            "fillers",
                            Map.of(
                                    new TopicPartition("filled", 0),
                                    new OffsetAndMetadata(1, "note")))
                    .all()
                    .get();
            return new FilledRequests("filled", id, "fillers");
        }
    }

    private static Map<ApiKeys, Range> advertised() {
        try (var connection = new RawConnection(broker.bootstrap())) {
            var answer =
                    (ApiVersionsResponseData)
                            OfficialMessages.exchange(connection, ApiKeys.API_VERSIONS, (short) 4);
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
}
