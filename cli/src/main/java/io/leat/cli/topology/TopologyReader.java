package io.leat.cli.topology;

import io.leat.broker.config.Nearest;
import io.leat.broker.quota.QuotaKind;
import io.leat.cli.topology.Topology.TopicSpec;
import io.leat.client.QuotaEntity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads a topology from YAML. What is wrong is told with its line, and with what was perhaps meant.
 * A file has {@value #CHARS_MAX} characters and {@value #NODES_MAX} values at the most, aliases
 * counted as often as they are used.
 */
public final class TopologyReader {
    static final int CHARS_MAX = 4 << 20;
    static final int NODES_MAX = 500_000;

    private static final int ALIASES_MAX = 1_000;
    private static final String DEFAULT = "<default>";
    private final String file;
    private int nodesLeft = NODES_MAX;

    private TopologyReader(String file) {
        this.file = file;
    }

    /**
     * Reads a file's text.
     *
     * @param file how messages name it
     * @throws TopologyException when it is no topology
     */
    public static Topology read(String file, String text) {
        TopologyReader reader = new TopologyReader(file);
        if (text.length() > CHARS_MAX) {
            throw new TopologyException(
                    file + " has " + text.length() + " characters, more than " + CHARS_MAX);
        }
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(file)
                        .setCodePointLimit(CHARS_MAX)
                        .setMaxAliasesForCollections(ALIASES_MAX)
                        .setAllowDuplicateKeys(false)
                        .build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            return reader.topology(
                    root.orElseThrow(() -> new TopologyException(file + " is empty")));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new TopologyException(
                    "%s:%d: this is no YAML: %s".formatted(file, line, e.getProblem()));
        } catch (YamlEngineException e) {
            throw new TopologyException(file + ": this is no YAML: " + e.getMessage());
        }
    }

    private Topology topology(Node root) {
        Map<String, Node> sections = new HashMap<>();
        entries(
                root,
                "the file",
                (key, value) -> {
                    require(key, Topology.Section.words(), "section");
                    sections.put(text(key), value);
                });
        AccessSections access = new AccessSections(this);
        return new Topology(
                section(sections, Topology.Section.TOPICS).map(this::topics),
                section(sections, Topology.Section.GROUPS).map(this::groups),
                section(sections, Topology.Section.QUOTAS).map(this::quotas),
                section(sections, Topology.Section.USERS).map(access::users),
                section(sections, Topology.Section.ACLS).map(access::acls));
    }

    private static Optional<Node> section(Map<String, Node> sections, Topology.Section section) {
        return Optional.ofNullable(sections.get(section.word()));
    }

    private SortedMap<String, TopicSpec> topics(Node node) {
        SortedMap<String, TopicSpec> topics = new TreeMap<>();
        entries(node, "topics", (name, spec) -> topics.put(text(name), topic(spec)));
        return topics;
    }

    private TopicSpec topic(Node node) {
        OptionalInt[] partitions = {OptionalInt.empty()};
        SortedMap<String, String> configs = new TreeMap<>();
        entries(
                node,
                "a topic",
                (key, value) -> {
                    require(key, List.of("partitions", "configs"), "key of a topic");
                    if (text(key).equals("partitions")) {
                        partitions[0] = OptionalInt.of(partitions(value));
                    } else {
                        configs.putAll(configs(value));
                    }
                });
        return new TopicSpec(partitions[0], configs);
    }

    private int partitions(Node value) {
        try {
            int number = Integer.parseInt(text(value));
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw wrong(value, "partitions must be a number from 1 on, not '" + text(value) + "'");
    }

    private SortedMap<String, SortedMap<String, String>> groups(Node node) {
        SortedMap<String, SortedMap<String, String>> groups = new TreeMap<>();
        entries(
                node,
                "groups",
                (id, spec) -> {
                    SortedMap<String, String> configs = new TreeMap<>();
                    entries(
                            spec,
                            "a group",
                            (key, value) -> {
                                require(key, List.of("configs"), "key of a group");
                                configs.putAll(configs(value));
                            });
                    groups.put(text(id), configs);
                });
        return groups;
    }

    private SortedMap<String, String> configs(Node node) {
        SortedMap<String, String> configs = new TreeMap<>();
        entries(node, "configs", (key, value) -> configs.put(text(key), config(value)));
        return configs;
    }

    /** A setting's text; a list stands for its elements with commas. */
    private String config(Node value) {
        if (!(value instanceof SequenceNode list)) {
            return text(value);
        }
        List<String> elements = new ArrayList<>();
        list.getValue().forEach(element -> elements.add(text(element)));
        return String.join(",", elements);
    }

    private SortedMap<QuotaEntity, SortedMap<String, Double>> quotas(Node node) {
        Map<QuotaEntity, SortedMap<String, Double>> quotas = new HashMap<>();
        if (isNothing(node)) {
            return Topology.order(quotas);
        }
        if (!(node instanceof SequenceNode list)) {
            throw wrong(node, "quotas must be a list; begin each with '- user:' or the like");
        }
        for (Node entry : list.getValue()) {
            Map<QuotaEntity.Type, Optional<String>> parts = new EnumMap<>(QuotaEntity.Type.class);
            SortedMap<String, Double> values = new TreeMap<>();
            entries(
                    entry,
                    "a quota",
                    (key, value) -> {
                        Optional<QuotaEntity.Type> type = type(text(key));
                        if (type.isPresent()) {
                            parts.put(
                                    type.get(),
                                    text(value).equals(DEFAULT)
                                            ? Optional.empty()
                                            : Optional.of(text(value)));
                        } else {
                            require(key, quotaKeys(), "key of a quota");
                            values.put(text(key), number(value));
                        }
                    });
            try {
                if (quotas.put(QuotaEntity.of(parts), values) != null) {
                    throw wrong(entry, QuotaEntity.of(parts) + " is here twice");
                }
            } catch (IllegalArgumentException e) {
                throw wrong(entry, String.valueOf(e.getMessage()));
            }
        }
        return Topology.order(quotas);
    }

    private double number(Node value) {
        try {
            return Double.parseDouble(text(value));
        } catch (NumberFormatException e) {
            throw wrong(value, "expected a number, not '" + text(value) + "'");
        }
    }

    private static Optional<QuotaEntity.Type> type(String key) {
        for (QuotaEntity.Type type : QuotaEntity.Type.values()) {
            if (type.wire().equals(key)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    private static List<String> quotaKeys() {
        List<String> keys = new ArrayList<>();
        for (QuotaKind kind : QuotaKind.values()) {
            keys.add(kind.key());
        }
        for (QuotaEntity.Type type : QuotaEntity.Type.values()) {
            keys.add(type.wire());
        }
        return keys;
    }

    void entries(Node node, String what, BiConsumer<ScalarNode, Node> entry) {
        if (isNothing(node)) {
            return;
        }
        if (!(node instanceof MappingNode mapping)) {
            throw wrong(node, what + " must have keys and values");
        }
        Map<String, Integer> lines = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            count(node);
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw wrong(tuple.getKeyNode(), "a key of " + what + " must be a plain text");
            }
            Integer before = lines.put(text(key), line(key));
            if (before != null) {
                throw wrong(key, "'" + text(key) + "' is here twice, first in line " + before);
            }
            entry.accept(key, tuple.getValueNode());
        }
    }

    String text(Node node) {
        count(node);
        if (node instanceof ScalarNode scalar && !isNothing(node)) {
            return scalar.getValue();
        }
        throw wrong(node, "expected a value");
    }

    static boolean isNothing(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private void count(Node node) {
        if (--nodesLeft < 0) {
            throw wrong(
                    node, "more than " + NODES_MAX + " values, aliases counted as they are used");
        }
    }

    void require(ScalarNode key, Collection<String> known, String what) {
        String name = text(key);
        if (!known.contains(name)) {
            throw wrong(
                    key,
                    "unknown %s '%s'%s"
                            .formatted(
                                    what,
                                    name,
                                    Nearest.to(name, known)
                                            .map(near -> "; did you mean " + near + "?")
                                            .orElse("; there are " + String.join(", ", known))));
        }
    }

    TopologyException wrong(Node node, String message) {
        return new TopologyException("%s:%d: %s".formatted(file, line(node), message));
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
