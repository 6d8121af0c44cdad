package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.client.kafka.KafkaProcess;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The client in a cluster of more than one broker. */
final class ClusterOnKafkaTest extends BrokerContract {
    private String bootstrap = "";

    @Override
    protected String bootstrap() {
        return bootstrap;
    }

    @Test
    void findsLeadersAndCoordinatorsWhereverTheyAre() {
        try (KafkaProcess first = KafkaProcess.start();
                KafkaProcess second = first.startPeer(2)) {
            // One that is not there does no harm.
            bootstrap = "127.0.0.1:1," + first.bootstrap();
            try (Admin admin = Admin.connect(bootstrap())) {
                eventually(
                        "both brokers are known",
                        () -> admin.describeCluster().nodes().size() == 2);
                String topic = newTopic(8);
                Set<Integer> leaders =
                        admin.describeTopic(topic).partitions().stream()
                                .map(partition -> partition.leader().orElseThrow().id())
                                .collect(Collectors.toSet());
                assertEquals(Set.of(1, 2), leaders);
                for (int id : leaders) {
                    assertFalse(admin.describeConfigs(ConfigResource.broker(id)).isEmpty());
                }

                ProducerOptions options = ProducerOptions.of(bootstrap());
                try (Producer<String, String> producer =
                        Producer.connect(options, Serializer.utf8(), Serializer.utf8())) {
                    assertEquals(400, sendAll(producer, records(topic, 0)).size());
                    readInGroups(topic, 400);
                    leadersAreFollowedWhenABrokerGoesAndComes(second, producer, topic);
                }
            }
        }
    }

    /** Several groups, so that their coordinators are on different brokers. */
    private void readInGroups(String topic, int count) {
        for (int i = 0; i < 4; i++) {
            ConsumerOptions options =
                    ConsumerOptions.builder(bootstrap())
                            .groupId(uniqueName("group"))
                            .offsetReset(OffsetReset.EARLIEST)
                            .build();
            try (PollingMember member = new PollingMember(options, topic)) {
                eventually("all is read", () -> member.records().size() == count);
                assertTrue(member.failure().isEmpty());
            }
        }
    }

    private static void leadersAreFollowedWhenABrokerGoesAndComes(
            KafkaProcess broker, Producer<String, String> producer, String topic) {
        broker.stop();
        List<CompletableFuture<RecordMetadata>> sent =
                records(topic, 400).map(producer::send).toList();
        eventually(
                "what the other leads is delivered",
                () -> sent.stream().anyMatch(CompletableFuture::isDone));
        broker.restart();
        sent.forEach(CompletableFuture::join);
    }

    private static java.util.stream.Stream<ProducerRecord<String, String>> records(
            String topic, int from) {
        return IntStream.range(from, from + 400)
                .mapToObj(i -> ProducerRecord.of(topic, "key " + i, "value " + i));
    }
}
