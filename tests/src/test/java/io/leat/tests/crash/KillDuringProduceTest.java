package io.leat.tests.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} while an idempotent producer sends, again and again: nothing that was
 * acknowledged is lost, nothing is there twice, and each partition keeps its order.
 */
class KillDuringProduceTest {
    private static final int KILLS = Integer.getInteger("leat.tests.kills", 20);
    private static final int PARTITIONS = 4;
    private static final int ACKS_BETWEEN_KILLS = 300;
    private static final Duration ROUND_LIMIT = Duration.ofSeconds(30);

    @Test
    void idempotentProducerLosesNothingAndDuplicatesNothing() throws Exception {
        List<Long> startMillis = new ArrayList<>();
        try (TestBroker broker = TestBrokers.start()) {
            createTopic(broker.bootstrap());
            var sender = new NumberSender(broker.bootstrap(), "numbers", PARTITIONS);
            try (sender) {
                for (int i = 0; i < KILLS; i++) {
                    // A different moment each time: some acknowledgements more or less.
                    long goal = sender.acknowledged() + ACKS_BETWEEN_KILLS + 37L * i;
                    Await.until(
                            () -> "acknowledgements " + sender,
                            ROUND_LIMIT,
                            () -> sender.acknowledged() >= goal);
                    broker.kill();
                    broker.start();
                    startMillis.add(broker.lastStart().toMillis());
                }
                sender.finish(ROUND_LIMIT);
            }
            assertEquals(List.of(), sender.failures());
            assertEquals(List.of(), sender.compareWithLog());
            System.out.printf(
                    "kill -9 %d times: %d records acknowledged; start to ready, ms: %s%n",
                    KILLS, sender.acknowledged(), startMillis);
        }
    }

    private static void createTopic(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(Set.of(new NewTopic("numbers", PARTITIONS, (short) 1))).all().get();
        }
    }
}
