package io.leat.tests.erasure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.client.Erasure;
import io.leat.client.KeyErasure;
import io.leat.storage.local.FileTree;
import io.leat.tests.harness.Await;
import io.leat.tests.harness.LeatBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

/**
 * Erasures while an official producer writes (the key that is erased, too) and an official consumer
 * reads: what was acknowledged before goes, what comes later stays, and nobody sees an error. Then
 * the same with {@code kill -9} in the middle, again and again.
 */
class ErasureUnderLoadTest {
    private static final int KILLS = Integer.getInteger("leat.tests.erasure.kills", 4);
    private static final int PARTITIONS = 2;
    private static final int RECORDS = 6_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String TOPIC = "people";

    @Test
    void whatWasWrittenBeforeGoesAndWhatComesLaterStays() throws Exception {
        try (LeatBroker broker = started();
                io.leat.client.Admin admin = io.leat.client.Admin.connect(broker.bootstrap());
                People people = new People(broker.bootstrap(), TOPIC, PARTITIONS)) {
            people.write(RECORDS);
            long before = people.acknowledgedOfVictim();
            try (Rereading reading = new Rereading(broker.bootstrap(), TOPIC, PARTITIONS)) {
                reading.awaitRounds(1, LIMIT);
                people.startWriting();
                UUID id = admin.eraseKeys(KeyErasure.of(TOPIC, People.victim()));
                int sentBefore = people.sent();
                Erasure done = admin.awaitErasure(id, LIMIT);
                reading.awaitRounds(reading.rounds() + 2, LIMIT);
                people.stopWriting();

                assertEquals(Erasure.State.DONE, done.state(), done::toString);
                assertTrue(done.recordsRemoved() >= before, done::toString);
                assertEquals(List.of(), reading.faults());
                People.Content content = people.read();
                assertEquals(people.acknowledgedOfOthers(), content.others());
                assertEquals(
                        people.acknowledgedOfVictim() - done.recordsRemoved(),
                        content.victims().size());
                // What was sent after it had been accepted is there, to the last record.
                List<String> later = people.victimsSince(sentBefore);
                assertTrue(content.victims().containsAll(later), later::toString);
                assertTrue(later.size() > 0, "nothing was written meanwhile");
            }
        }
    }

    @Test
    void killsInTheMiddleChangeNothing() throws Exception {
        try (LeatBroker broker = started()) {
            Set<String> others;
            long victims;
            try (People people = new People(broker.bootstrap(), TOPIC, PARTITIONS)) {
                people.write(3 * RECORDS);
                others = people.acknowledgedOfOthers();
                victims = people.acknowledgedOfVictim();
            }
            UUID id;
            try (var admin = io.leat.client.Admin.connect(broker.bootstrap())) {
                id = admin.eraseKeys(KeyErasure.of(TOPIC, People.victim()));
            }
            int kills = 0;
            for (int i = 0; i < KILLS; i++) {
                try (var admin = io.leat.client.Admin.connect(broker.bootstrap())) {
                    int goal =
                            admin.describeErasure(id).segmentsRewritten()
                                    + ThreadLocalRandom.current().nextInt(1, 8);
                    Await.until(
                            () -> "segments are rewritten",
                            LIMIT,
                            () -> {
                                Erasure now = admin.describeErasure(id);
                                return now.isOver() || now.segmentsRewritten() >= goal;
                            });
                    kills += admin.describeErasure(id).isOver() ? 0 : 1;
                }
                broker.kill();
                broker.start();
            }
            Erasure done;
            try (var admin = io.leat.client.Admin.connect(broker.bootstrap())) {
                done = admin.awaitErasure(id, LIMIT);
            }
            assertEquals(Erasure.State.DONE, done.state(), done::toString);
            assertEquals(victims, done.recordsRemoved(), done::toString);
            try (People people = new People(broker.bootstrap(), TOPIC, PARTITIONS)) {
                People.Content content = people.read();
                assertEquals(Set.of(), content.victims());
                assertEquals(new TreeSet<>(others), new TreeSet<>(content.others()));
            }
            assertEquals(List.of(), FileTree.filesWith(broker.logDirectory(), People.VICTIM));
            assertEquals(List.of(), FileTree.filesWith(broker.logDirectory(), People.SECRET));
            System.out.printf(
                    "erasure of %d records from %d segments, kill -9 in the middle %d times%n",
                    done.recordsRemoved(), done.segmentsRewritten(), kills);
        }
    }

    private static LeatBroker started() throws Exception {
        LeatBroker broker = new LeatBroker(Map.of());
        broker.start();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(
                            Set.of(
                                    new NewTopic(TOPIC, PARTITIONS, (short) 1)
                                            .configs(Map.of("segment.bytes", "1048576"))))
                    .all()
                    .get();
        }
        return broker;
    }
}
