package io.leat.broker.group.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import io.leat.broker.group.assign.TopicImage;
import io.leat.broker.group.assign.Topics.TopicInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How many tasks a topology has, and how many partitions its own topics get. */
class TopologyRulesTest {
    private final List<TopicInfo> topics = new ArrayList<>();
    private final SortedMap<String, Subtopology> parts = new TreeMap<>();

    private void topic(String name, int partitions) {
        topics.add(new TopicInfo(new UUID(1, topics.size()), name, partitions));
    }

    private ResolvedTopology resolve() {
        Topology topology = new Topology(0, parts);
        StateOutput out = new StateOutput();
        TopologyFormat.write(topology, out);
        StateInput in = new StateInput("a topology", out.toBytes());
        Topology read = TopologyFormat.read(in);
        in.end();
        assertEquals(topology, read);
        return TopologyRules.resolve(topology, new TopicImage(3, topics));
    }

    private Part part(String id) {
        return new Part(id);
    }

    /** A subtopology in the making. */
    private final class Part {
        private final String id;
        private List<String> sources = List.of();
        private List<String> patterns = List.of();
        private List<InternalTopic> repartitions = List.of();
        private List<String> sinks = List.of();
        private List<InternalTopic> changelogs = List.of();
        private List<Subtopology.Copartition> copartitions = List.of();

        Part(String id) {
            this.id = id;
        }

        Part reads(String... names) {
            sources = List.of(names);
            return this;
        }

        Part matches(String... regexes) {
            patterns = List.of(regexes);
            return this;
        }

        Part readsOwn(InternalTopic... own) {
            repartitions = List.of(own);
            return this;
        }

        Part writes(String... names) {
            sinks = List.of(names);
            return this;
        }

        Part keeps(String... names) {
            changelogs = List.of(names).stream().map(name -> own(name, 0)).toList();
            return this;
        }

        Part joins(String... names) {
            copartitions =
                    List.of(
                            new Subtopology.Copartition(
                                    new TreeSet<>(List.of(names)), new TreeSet<>()));
            return this;
        }

        void add() {
            parts.put(
                    id,
                    new Subtopology(
                            id,
                            new TreeSet<>(sources),
                            new TreeSet<>(patterns),
                            Subtopology.byName(repartitions),
                            new TreeSet<>(sinks),
                            Subtopology.byName(changelogs),
                            copartitions));
        }
    }

    private static InternalTopic own(String name, int partitions) {
        return new InternalTopic(
                name, partitions, (short) 0, new TreeMap<>(Map.of("cleanup.policy", "compact")));
    }

    private static Map<String, Integer> missing(ResolvedTopology resolved) {
        Map<String, Integer> missing = new TreeMap<>();
        resolved.missing().forEach(topic -> missing.put(topic.name(), topic.partitions()));
        return missing;
    }

    private static Status.Kind flaw(ResolvedTopology resolved) {
        assertTrue(resolved.tasks().isEmpty());
        return resolved.flaw().orElseThrow().kind();
    }

    @Test
    void internalTopicsFollowWhatIsRead() {
        topic("lines", 4);
        part("0").reads("lines").writes("words").add();
        part("1").readsOwn(own("words", 0)).keeps("counts").add();
        ResolvedTopology resolved = resolve();
        assertEquals(Map.of("words", 4, "counts", 4), missing(resolved));
        assertEquals(Status.Kind.MISSING_INTERNAL_TOPICS, flaw(resolved));
        topic("words", 4);
        topic("counts", 4);
        resolved = resolve();
        assertEquals(Map.of("0", 4, "1", 4), resolved.tasks());
        assertTrue(resolved.flaw().isEmpty());
        assertTrue(resolved.reads("lines") && resolved.reads("words"));
        assertEquals(3, resolved.version());
    }

    @Test
    void missingSourcesAreNamed() {
        part("0").reads("a").matches("b-.*").add();
        ResolvedTopology resolved = resolve();
        assertEquals(Status.Kind.MISSING_SOURCE_TOPICS, flaw(resolved));
        assertEquals("Source topics a, b-.* are missing.", resolved.flaw().orElseThrow().detail());
        topic("a", 1);
        topic("b-1", 3);
        topic("b-2", 5);
        assertEquals(Map.of("0", 5), resolve().tasks());
    }

    @Test
    void applicationsSayHowManyPartitionsTheyWant() {
        topic("in", 4);
        part("0").reads("in").writes("through").add();
        part("1").readsOwn(own("through", 7)).keeps("state").writes("on").add();
        part("2").readsOwn(own("on", 0)).add();
        assertEquals(Map.of("through", 7, "state", 7, "on", 7), missing(resolve()));
    }

    @Test
    void whatIsJoinedNeedsTheSameNumber() {
        topic("left", 4);
        topic("right", 4);
        part("0").reads("left", "right").joins("left", "right").add();
        assertEquals(Map.of("0", 4), resolve().tasks());
        topic("odd", 3);
        part("1").reads("left", "odd").joins("left", "odd").add();
        assertEquals(Status.Kind.INCORRECTLY_PARTITIONED_TOPICS, flaw(resolve()));
    }

    @Test
    void repartitionTopicsFollowWhatTheyAreJoinedWith() {
        topic("small", 2);
        topic("large", 6);
        part("0").reads("small").writes("again").add();
        part("1").reads("large").readsOwn(own("again", 0)).joins("large", "again").add();
        assertEquals(Map.of("again", 6), missing(resolve()));
    }

    @Test
    void repartitionTopicsThatAreJoinedAreAsLargeAsTheLargest() {
        topic("small", 2);
        topic("large", 6);
        part("0").reads("small").writes("a").add();
        part("1").reads("large").writes("b").add();
        part("2").readsOwn(own("a", 0), own("b", 0)).joins("a", "b").add();
        assertEquals(Map.of("a", 6, "b", 6), missing(resolve()));
    }

    @Test
    void topicsThatDoNotFitAreNamed() {
        topic("in", 4);
        topic("state", 3);
        part("0").reads("in").keeps("state").add();
        ResolvedTopology resolved = resolve();
        assertEquals(Status.Kind.INCORRECTLY_PARTITIONED_TOPICS, flaw(resolved));
        assertEquals(
                "Existing topic state has different number of partitions: expected 4, found 3",
                resolved.flaw().orElseThrow().detail());
    }

    @Test
    void sourceThatIsItsOwnChangelogIsNotMade() {
        topic("table", 4);
        part("0").reads("table").keeps("table").add();
        assertEquals(Map.of("0", 4), resolve().tasks());
    }

    @Test
    void circlesGoByWhatComesInFromOutside() {
        topic("in", 5);
        part("0").reads("in").readsOwn(own("back", 0)).writes("forth").add();
        part("1").readsOwn(own("forth", 0)).writes("back").add();
        assertEquals(Map.of("back", 5, "forth", 5), missing(resolve()));
    }

    @Test
    void repartitionTopicThatNobodyWritesIsAFlaw() {
        part("0").readsOwn(own("lost", 0)).add();
        assertEquals(Status.Kind.INCORRECTLY_PARTITIONED_TOPICS, flaw(resolve()));
    }
}
