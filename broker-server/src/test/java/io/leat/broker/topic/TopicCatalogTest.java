package io.leat.broker.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.coordinator.MemoryStateStore;
import io.leat.broker.partition.Partition;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogId;
import io.leat.wire.ErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class TopicCatalogTest {
    private MemoryStateStore state = new MemoryStateStore();
    private MemoryLogStore logs = new MemoryLogStore();
    private TopicCatalog catalog = reopened();

    /** What somebody may do to a catalog. */
    sealed interface Step {
        record Create(String name, int partitions, boolean stateFails, int opens) implements Step {}

        record Delete(String name, boolean stateFails, boolean logsFail) implements Step {}

        record Grow(String name, int by, boolean stateFails) implements Step {}

        record Configure(String name, long retention, boolean stateFails) implements Step {}

        record Restart() implements Step {}
    }

    /** Whatever fails in between, the catalog is what was answered, and after a restart still. */
    @Property(tries = 300)
    void whatWasAnsweredHoldsAndNothingElse(@ForAll("steps") List<Step> steps) {
        state = new MemoryStateStore();
        logs = new MemoryLogStore();
        catalog = reopened();
        Map<String, Integer> partitions = new TreeMap<>();
        Map<String, Long> retentions = new HashMap<>();
        for (Step step : steps) {
            try {
                apply(step, partitions, retentions);
            } catch (TopicException e) {
                assertTrue(
                        Set.of(
                                        ErrorCode.KAFKA_STORAGE_ERROR,
                                        ErrorCode.TOPIC_ALREADY_EXISTS,
                                        ErrorCode.INVALID_TOPIC_EXCEPTION,
                                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
                                .contains(e.error()),
                        e.getMessage());
            }
            repair();
            assertModel(partitions, retentions);
        }
        catalog = reopened();
        assertModel(partitions, retentions);
        Set<LogId> expected =
                catalog.all().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .map(Partition::id)
                        .collect(Collectors.toSet());
        assertTrue(logs.logs.keySet().containsAll(expected));
        assertEquals(
                expected.stream().map(LogId::topicId).collect(Collectors.toSet()), logs.topics());
    }

    private void apply(Step step, Map<String, Integer> partitions, Map<String, Long> retentions) {
        switch (step) {
            case Step.Create(String name, int count, boolean stateFails, int opens) -> {
                state.failWrites(stateFails ? 1 : 0);
                logs.opensLeft = opens;
                catalog.create(name, count, Map.of());
                partitions.put(name, count);
                retentions.remove(name);
            }
            case Step.Delete(String name, boolean stateFails, boolean logsFail) -> {
                UUID id = catalog.known(name).id();
                state.failWrites(stateFails ? 1 : 0);
                logs.deletesFail = logsFail;
                catalog.delete(id);
                partitions.remove(name);
                retentions.remove(name);
            }
            case Step.Grow(String name, int by, boolean stateFails) -> {
                Topic topic = catalog.known(name);
                state.failWrites(stateFails ? 1 : 0);
                catalog.grow(topic.id(), topic.partitions().size() + by);
                partitions.merge(name, by, Integer::sum);
            }
            case Step.Configure(String name, long retention, boolean stateFails) -> {
                state.failWrites(stateFails ? 1 : 0);
                catalog.configure(
                        name,
                        config ->
                                catalog.configOf(Map.of("retention.ms", Long.toString(retention))));
                retentions.put(name, retention);
            }
            case Step.Restart() -> catalog = reopened();
        }
    }

    private void repair() {
        state.failWrites(0);
        logs.opensLeft = Integer.MAX_VALUE;
        logs.deletesFail = false;
    }

    private void assertModel(Map<String, Integer> partitions, Map<String, Long> retentions) {
        Map<String, Integer> actual = new TreeMap<>();
        for (Topic topic : catalog.all()) {
            actual.put(topic.name(), topic.partitions().size());
            assertEquals(topic, catalog.find(topic.id()).orElseThrow());
            Long retention = retentions.get(topic.name());
            assertEquals(
                    retention == null ? Map.of() : Map.of("retention.ms", retention.toString()),
                    topic.config().overrides());
        }
        assertEquals(partitions, actual);
        assertEquals(
                partitions.values().stream().mapToInt(Integer::intValue).sum(),
                catalog.partitionCount());
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<String> names = Arbitraries.of("a", "b", "c.d", "c_d");
        Arbitrary<Boolean> rarely =
                Arbitraries.frequencyOf(
                        Tuple.of(3, Arbitraries.just(false)), Tuple.of(1, Arbitraries.just(true)));
        Arbitrary<Integer> opens =
                Arbitraries.oneOf(
                        Arbitraries.just(Integer.MAX_VALUE), Arbitraries.integers().between(0, 3));
        return Arbitraries.<Step>oneOf(
                        Combinators.combine(
                                        names, Arbitraries.integers().between(1, 4), rarely, opens)
                                .as(Step.Create::new),
                        Combinators.combine(names, rarely, rarely).as(Step.Delete::new),
                        Combinators.combine(names, Arbitraries.integers().between(1, 3), rarely)
                                .as(Step.Grow::new),
                        Combinators.combine(names, Arbitraries.longs().between(1, 9), rarely)
                                .as(Step.Configure::new),
                        Arbitraries.just(new Step.Restart()))
                .list()
                .ofMaxSize(25);
    }

    @Test
    void aDeleteThatACrashInterruptsIsFinishedAtTheNextStart() {
        Topic topic = catalog.create("t", 3, Map.of());
        logs.deletesFail = true;
        catalog.delete(topic.id());
        assertEquals(Set.of(topic.id()), logs.topics());
        logs.deletesFail = false;
        catalog = reopened();
        assertTrue(catalog.all().isEmpty());
        assertTrue(logs.topics().isEmpty());
    }

    @Test
    void logsThatNobodyKnowsAreLeftAlone() {
        LogId stranger = new LogId("s", UUID.randomUUID(), 0);
        logs.logs.put(stranger, LogConfig.DEFAULT);
        catalog = reopened();
        assertEquals(Set.of(stranger.topicId()), logs.topics());
    }

    @Test
    void aLogThatDoesNotOpenTakesOnlyItsPartitionOffline() {
        catalog.create("t", 3, Map.of());
        logs.opensLeft = 2;
        catalog = reopened();
        Topic topic = catalog.known("t");
        assertEquals(1, topic.partitions().stream().filter(p -> p.failure().isPresent()).count());
    }

    @Test
    void theNumberOfPartitionsIsBounded() {
        catalog =
                new TopicCatalog(BrokerConfig.of(Map.of("leat.partitions.max", "5")), state, logs);
        Topic topic = catalog.create("a", 3, Map.of());
        assertEquals(
                ErrorCode.INVALID_PARTITIONS,
                assertThrows(TopicException.class, () -> catalog.create("b", 3, Map.of())).error());
        assertEquals(
                ErrorCode.INVALID_PARTITIONS,
                assertThrows(TopicException.class, () -> catalog.grow(topic.id(), 6)).error());
        assertEquals(5, catalog.grow(topic.id(), 5).partitions().size());
    }

    /** What one of them lacks is no reason to refuse the others, and each counts for the next. */
    @Test
    void topicsThatComeTogetherAreJudgedOneAfterTheOther() {
        catalog =
                new TopicCatalog(BrokerConfig.of(Map.of("leat.partitions.max", "5")), state, logs);
        List<Creation> outcomes =
                catalog.create(
                        List.of(
                                new NewTopic("a.b", 3, Map.of()),
                                new NewTopic("a_b", 1, Map.of()),
                                new NewTopic("a b", 1, Map.of()),
                                new NewTopic("c", 3, Map.of()),
                                new NewTopic("d", 2, Map.of("no.such.key", "1")),
                                new NewTopic("e", 2, Map.of())));
        assertEquals(
                List.of(
                        "a.b",
                        "INVALID_TOPIC_EXCEPTION",
                        "INVALID_TOPIC_EXCEPTION",
                        "INVALID_PARTITIONS",
                        "INVALID_CONFIG",
                        "e"),
                outcomes.stream()
                        .map(each ->
                                switch (each) {
                                    case Creation.Made made -> made.topic().name();
                                    case Creation.Refused refused -> refused.why().error().name();
                                })
                        .toList());
        assertEquals(
                List.of("a.b", "e"), catalog.all().stream().map(Topic::name).sorted().toList());
    }

    @Test
    void topicsThatComeTogetherAreWrittenTogether() {
        state.failWrites(1);
        List<Creation> outcomes =
                catalog.create(
                        List.of(new NewTopic("a", 1, Map.of()), new NewTopic("b", 1, Map.of())));
        assertEquals(
                List.of(true, true),
                outcomes.stream().map(Creation.Refused.class::isInstance).toList());
        state.failWrites(0);
        catalog = new TopicCatalog(BrokerConfig.of(Map.of()), state, logs);
        catalog.open();
        assertEquals(0, catalog.all().size());
    }

    @Test
    void listenersHearWhatComesAndGoes() {
        StringBuilder heard = new StringBuilder();
        catalog.listen(
                new TopicListener() {
                    @Override
                    public void partitionsAdded(Topic topic, List<Partition> added) {
                        heard.append("+").append(topic.name()).append(added.size());
                    }

                    @Override
                    public void deleted(Topic topic) {
                        heard.append("-").append(topic.name());
                    }
                });
        Topic topic = catalog.create("t", 2, Map.of());
        catalog.grow(topic.id(), 5);
        catalog.delete(topic.id());
        assertEquals("+t2+t3-t", heard.toString());
    }

    @Test
    void aConfigReachesTheLogs() {
        catalog.create("t", 1, Map.of());
        catalog.configure("t", config -> catalog.configOf(Map.of("segment.ms", "9")));
        assertFalse(logs.logs.isEmpty());
        logs.logs.values().forEach(config -> assertEquals(9, config.segmentMillis()));
    }

    private TopicCatalog reopened() {
        TopicCatalog opened = new TopicCatalog(BrokerConfig.defaults(), state, logs);
        opened.open();
        return opened;
    }
}
