package io.leat.tests.admin;

import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.APPEND;
import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.DELETE;
import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.SET;
import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.SUBTRACT;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RaftVoterEndpoint;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;

/** The rows of the script, in order. Both brokers are node 1 and new. */
final class AdminScript {
    private static final Uuid NO_TOPIC = new Uuid(7, 7);
    private final List<AdminRow> rows = new ArrayList<>();

    private AdminScript() {}

    static List<AdminRow> rows() {
        AdminScript script = new AdminScript();
        script.topics();
        script.partitions();
        script.describeConfigs();
        script.alterTopicConfigs();
        script.alterBrokerConfigs();
        script.clientMetrics();
        script.quotas();
        script.singleNode();
        script.features();
        script.tokens();
        script.offsetsAndRecords();
        script.groups();
        script.rows.addAll(StreamsGroupRows.rows());
        script.transactions();
        script.deletions();
        return script.rows;
    }

    private void look(String name, AdminRow.Ask ask) {
        rows.add(new AdminRow(name, false, ask));
    }

    private void change(String name, AdminRow.Ask ask) {
        rows.add(new AdminRow(name, true, ask));
    }

    // ---- topics

    private void create(String name, NewTopic topic) {
        change(name, a -> a.createTopics(List.of(topic)).all().get());
    }

    private void topics() {
        look("listTopics: none", a -> a.listTopics().names().get());
        create("createTopics", new NewTopic("one", 1, (short) 1));
        create("createTopics: three partitions", new NewTopic("three", 3, (short) 1));
        create(
                "createTopics: defaults",
                new NewTopic("defaults", Optional.empty(), Optional.empty()));
        create("createTopics: exists", new NewTopic("one", 1, (short) 1));
        create("createTopics: exists, and wrong besides", new NewTopic("one", 0, (short) 9));
        create("createTopics: empty name", new NewTopic("", 1, (short) 1));
        create("createTopics: a dot", new NewTopic(".", 1, (short) 1));
        create("createTopics: two dots", new NewTopic("..", 1, (short) 1));
        create("createTopics: a slash", new NewTopic("a/b", 1, (short) 1));
        create("createTopics: a space", new NewTopic("a b", 1, (short) 1));
        create("createTopics: long name", new NewTopic("x".repeat(250), 1, (short) 1));
        create("createTopics: with a dot inside", new NewTopic("dot.ted", 1, (short) 1));
        create("createTopics: collides with the dot", new NewTopic("dot_ted", 1, (short) 1));
        create("createTopics: no partitions", new NewTopic("bad", 0, (short) 1));
        create("createTopics: minus two partitions", new NewTopic("bad", -2, (short) 1));
        create("createTopics: no replicas", new NewTopic("bad", 1, (short) 0));
        create("createTopics: two replicas", new NewTopic("bad", 1, (short) 2));
        create(
                "createTopics: assigned",
                new NewTopic("assigned", Map.of(0, List.of(1), 1, List.of(1))));
        create("createTopics: assigned to a stranger", new NewTopic("bad", Map.of(0, List.of(9))));
        create("createTopics: assigned twice", new NewTopic("bad", Map.of(0, List.of(1, 1))));
        create("createTopics: assigned to nobody", new NewTopic("bad", Map.of(0, List.of())));
        create(
                "createTopics: assigned with a gap",
                new NewTopic("bad", Map.of(0, List.of(1), 2, List.of(1))));
        config("createTopics: config", "configured", Map.of("retention.ms", "1000"));
        config("createTopics: unknown config", "bad", Map.of("retention.mss", "1000"));
        config("createTopics: config is no number", "bad", Map.of("retention.ms", "soon"));
        config("createTopics: config out of range", "bad", Map.of("retention.ms", "-2"));
        config("createTopics: config is no choice", "bad", Map.of("cleanup.policy", "burn"));
        config("createTopics: empty config", "bad", Map.of("retention.ms", ""));
        config(
                "createTopics: min above max compaction lag",
                "bad",
                Map.of("min.compaction.lag.ms", "10", "max.compaction.lag.ms", "5"));
        config(
                "createTopics: both policies",
                "compacting",
                Map.of("cleanup.policy", "compact,delete"));
        change(
                "createTopics: null config",
                a -> {
                    Map<String, String> configs = new HashMap<>();
                    configs.put("retention.ms", null);
                    return a.createTopics(
                                    List.of(new NewTopic("bad", 1, (short) 1).configs(configs)))
                            .all()
                            .get();
                });
        change(
                "createTopics: named twice",
                a ->
                        a.createTopics(
                                        List.of(
                                                new NewTopic("twice", 1, (short) 1),
                                                new NewTopic("twice", 2, (short) 1)))
                                .all()
                                .get());
        change(
                "createTopics: validate only",
                a ->
                        a.createTopics(
                                        List.of(new NewTopic("unmade", 1, (short) 1)),
                                        new CreateTopicsOptions().validateOnly(true))
                                .all()
                                .get());
        change(
                "createTopics: validate only, exists",
                a ->
                        a.createTopics(
                                        List.of(new NewTopic("one", 1, (short) 1)),
                                        new CreateTopicsOptions().validateOnly(true))
                                .all()
                                .get());
        change(
                "createTopics: answers",
                a -> {
                    var made =
                            a.createTopics(
                                    List.of(
                                            new NewTopic("answered", 2, (short) 1)
                                                    .configs(Map.of("segment.ms", "90000"))));
                    ConfigEntry entry = made.config("answered").get().get("segment.ms");
                    return made.numPartitions("answered").get()
                            + " "
                            + made.replicationFactor("answered").get()
                            + " "
                            + entry.value()
                            + " "
                            + entry.source();
                });
        look("listTopics", a -> new TreeSet<>(a.listTopics().names().get()));
        look(
                "describeTopics",
                a ->
                        a.describeTopics(List.of("three")).allTopicNames().get().values().stream()
                                .map(t ->
                                        t.name()
                                                + " "
                                                + t.isInternal()
                                                + " "
                                                + t.partitions().size()
                                                + " "
                                                + t.partitions().getFirst().leader().id()
                                                + " "
                                                + t.partitions().getFirst().isr().size())
                                .toList());
        look(
                "describeTopics: unknown",
                a -> a.describeTopics(List.of("nobody")).allTopicNames().get());
        look(
                "describeTopics: not a name",
                a -> a.describeTopics(List.of("a/b")).allTopicNames().get());
        look(
                "describeTopics: empty name",
                a -> a.describeTopics(List.of("")).allTopicNames().get());
        look(
                "describeTopics: unknown id",
                a ->
                        a.describeTopics(TopicCollection.ofTopicIds(List.of(NO_TOPIC)))
                                .allTopicIds()
                                .get());
        look(
                "describeTopics: zero id",
                a ->
                        a.describeTopics(TopicCollection.ofTopicIds(List.of(Uuid.ZERO_UUID)))
                                .allTopicIds()
                                .get());
        look(
                "describeTopics: by id",
                a ->
                        a.describeTopics(TopicCollection.ofTopicIds(List.of(id(a, "three"))))
                                .allTopicIds()
                                .get()
                                .values()
                                .iterator()
                                .next()
                                .name());
    }

    private void config(String row, String topic, Map<String, String> configs) {
        create(row, new NewTopic(topic, 1, (short) 1).configs(configs));
    }

    private static Uuid id(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).topicId();
    }

    private void partitions() {
        grow("createPartitions", "one", NewPartitions.increaseTo(2));
        grow("createPartitions: the same number", "three", NewPartitions.increaseTo(3));
        grow("createPartitions: fewer", "three", NewPartitions.increaseTo(1));
        grow("createPartitions: none", "three", NewPartitions.increaseTo(0));
        grow("createPartitions: minus one", "three", NewPartitions.increaseTo(-1));
        grow("createPartitions: unknown topic", "nobody", NewPartitions.increaseTo(2));
        grow("createPartitions: not a name", "a/b", NewPartitions.increaseTo(2));
        grow(
                "createPartitions: assigned",
                "three",
                NewPartitions.increaseTo(4, List.of(List.of(1))));
        grow(
                "createPartitions: to a stranger",
                "three",
                NewPartitions.increaseTo(5, List.of(List.of(9))));
        grow(
                "createPartitions: too few assignments",
                "three",
                NewPartitions.increaseTo(6, List.of(List.of(1))));
        grow(
                "createPartitions: too many assignments",
                "three",
                NewPartitions.increaseTo(5, List.of(List.of(1), List.of(1))));
        grow(
                "createPartitions: two replicas",
                "three",
                NewPartitions.increaseTo(5, List.of(List.of(1, 9))));
        change(
                "createPartitions: validate only",
                a ->
                        a.createPartitions(
                                        Map.of("three", NewPartitions.increaseTo(9)),
                                        new CreatePartitionsOptions().validateOnly(true))
                                .all()
                                .get());
        look(
                "createPartitions: seen",
                a ->
                        a.describeTopics(List.of("three"))
                                .allTopicNames()
                                .get()
                                .get("three")
                                .partitions()
                                .size());
    }

    private void grow(String row, String topic, NewPartitions partitions) {
        change(row, a -> a.createPartitions(Map.of(topic, partitions)).all().get());
    }

    // ---- configs

    private static ConfigResource topic(String name) {
        return new ConfigResource(ConfigResource.Type.TOPIC, name);
    }

    private static ConfigResource broker(String name) {
        return new ConfigResource(ConfigResource.Type.BROKER, name);
    }

    private static ConfigResource metrics(String name) {
        return new ConfigResource(ConfigResource.Type.CLIENT_METRICS, name);
    }

    private void describe(String row, ConfigResource resource, String key) {
        look(
                row,
                a -> {
                    ConfigEntry entry =
                            a.describeConfigs(
                                            List.of(resource),
                                            new DescribeConfigsOptions().includeSynonyms(true))
                                    .all()
                                    .get()
                                    .get(resource)
                                    .get(key);
                    return entry == null
                            ? "not there"
                            : entry.value()
                                    + " "
                                    + entry.source()
                                    + " "
                                    + entry.type()
                                    + " readOnly="
                                    + entry.isReadOnly()
                                    + " sensitive="
                                    + entry.isSensitive()
                                    + " "
                                    + entry.synonyms().stream()
                                            .map(s -> s.name() + "=" + s.value() + "/" + s.source())
                                            .toList();
                });
    }

    private void describeConfigs() {
        describe("describeConfigs: topic, set", topic("configured"), "retention.ms");
        describe("describeConfigs: topic, default", topic("configured"), "segment.bytes");
        describe("describeConfigs: topic, list", topic("compacting"), "cleanup.policy");
        describe("describeConfigs: topic, boolean", topic("one"), "preallocate");
        describe("describeConfigs: topic, double", topic("one"), "min.cleanable.dirty.ratio");
        describe("describeConfigs: topic, long", topic("one"), "max.compaction.lag.ms");
        describe("describeConfigs: topic, timestamp type", topic("one"), "message.timestamp.type");
        describe("describeConfigs: topic, no such key", topic("one"), "nobody.ms");
        look("describeConfigs: topic, all keys", a -> keys(a, topic("one")));
        describe("describeConfigs: unknown topic", topic("nobody"), "retention.ms");
        describe("describeConfigs: topic is no name", topic("a/b"), "retention.ms");
        describe("describeConfigs: empty topic", topic(""), "retention.ms");
        describe("describeConfigs: broker, default", broker("1"), "message.max.bytes");
        describe("describeConfigs: broker, read only", broker("1"), "num.partitions");
        describe("describeConfigs: broker, set at start", broker("1"), "node.id");
        describe("describeConfigs: another broker", broker("9"), "node.id");
        describe("describeConfigs: broker is no number", broker("one"), "node.id");
        look("describeConfigs: all brokers, nothing set", a -> keys(a, broker("")));
        describe(
                "describeConfigs: unknown type",
                new ConfigResource(ConfigResource.Type.UNKNOWN, "x"),
                "x");
    }

    /** Without the keys that only Leat has. */
    private static Object keys(Admin admin, ConfigResource resource) throws Exception {
        return admin.describeConfigs(List.of(resource)).all().get().get(resource).entries().stream()
                .map(ConfigEntry::name)
                .filter(name -> !name.startsWith("leat."))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void alter(
            String row,
            ConfigResource resource,
            AlterConfigOp.OpType type,
            String key,
            String value) {
        change(
                row,
                a ->
                        a.incrementalAlterConfigs(
                                        Map.of(
                                                resource,
                                                List.of(
                                                        new AlterConfigOp(
                                                                new ConfigEntry(key, value),
                                                                type))))
                                .all()
                                .get());
    }

    private void alterTopicConfigs() {
        alter("incrementalAlterConfigs: set", topic("one"), SET, "retention.ms", "2000");
        describe("incrementalAlterConfigs: set, seen", topic("one"), "retention.ms");
        alter("incrementalAlterConfigs: delete", topic("one"), DELETE, "retention.ms", null);
        describe("incrementalAlterConfigs: delete, seen", topic("one"), "retention.ms");
        alter(
                "incrementalAlterConfigs: delete what is not set",
                topic("one"),
                DELETE,
                "segment.ms",
                null);
        alter("incrementalAlterConfigs: append", topic("one"), APPEND, "cleanup.policy", "compact");
        describe("incrementalAlterConfigs: append, seen", topic("one"), "cleanup.policy");
        alter(
                "incrementalAlterConfigs: append again",
                topic("one"),
                APPEND,
                "cleanup.policy",
                "compact");
        alter(
                "incrementalAlterConfigs: subtract",
                topic("one"),
                SUBTRACT,
                "cleanup.policy",
                "compact");
        describe("incrementalAlterConfigs: subtract, seen", topic("one"), "cleanup.policy");
        alter(
                "incrementalAlterConfigs: subtract what is not there",
                topic("one"),
                SUBTRACT,
                "cleanup.policy",
                "compact");
        alter(
                "incrementalAlterConfigs: append to no list",
                topic("one"),
                APPEND,
                "retention.ms",
                "5");
        alter("incrementalAlterConfigs: unknown key", topic("one"), SET, "retention.mss", "5");
        alter(
                "incrementalAlterConfigs: delete unknown key",
                topic("one"),
                DELETE,
                "retention.mss",
                null);
        alter("incrementalAlterConfigs: no number", topic("one"), SET, "retention.ms", "soon");
        alter("incrementalAlterConfigs: out of range", topic("one"), SET, "segment.bytes", "1");
        alter("incrementalAlterConfigs: null", topic("one"), SET, "retention.ms", null);
        alter("incrementalAlterConfigs: unknown topic", topic("nobody"), SET, "retention.ms", "5");
        alter("incrementalAlterConfigs: topic is no name", topic("a/b"), SET, "retention.ms", "5");
        alter("incrementalAlterConfigs: empty topic", topic(""), SET, "retention.ms", "5");
        alter(
                "incrementalAlterConfigs: unknown type",
                new ConfigResource(ConfigResource.Type.UNKNOWN, "x"),
                SET,
                "a",
                "b");
        change(
                "incrementalAlterConfigs: key twice",
                a ->
                        a.incrementalAlterConfigs(
                                        Map.of(
                                                topic("one"),
                                                List.of(
                                                        new AlterConfigOp(
                                                                new ConfigEntry(
                                                                        "retention.ms", "1"),
                                                                SET),
                                                        new AlterConfigOp(
                                                                new ConfigEntry(
                                                                        "retention.ms", "2"),
                                                                SET))))
                                .all()
                                .get());
        change(
                "incrementalAlterConfigs: validate only",
                a ->
                        a.incrementalAlterConfigs(
                                        Map.of(
                                                topic("one"),
                                                List.of(
                                                        new AlterConfigOp(
                                                                new ConfigEntry(
                                                                        "retention.ms", "7"),
                                                                SET))),
                                        new AlterConfigsOptions().validateOnly(true))
                                .all()
                                .get());
        describe("incrementalAlterConfigs: validated only", topic("one"), "retention.ms");
    }

    private void alterBrokerConfigs() {
        alter("broker config: for all", broker(""), SET, "log.retention.ms", "3000");
        describe("broker config: for all, seen", broker(""), "log.retention.ms");
        describe("broker config: for all, seen at the broker", broker("1"), "log.retention.ms");
        describe("broker config: for all, seen at the topic", topic("three"), "retention.ms");
        alter("broker config: for one", broker("1"), SET, "log.retention.ms", "4000");
        describe("broker config: for one, seen at the broker", broker("1"), "log.retention.ms");
        describe("broker config: for one, seen at the topic", topic("three"), "retention.ms");
        alter("broker config: delete for one", broker("1"), DELETE, "log.retention.ms", null);
        alter("broker config: delete for all", broker(""), DELETE, "log.retention.ms", null);
        describe("broker config: deleted", broker("1"), "log.retention.ms");
        alter("broker config: connections", broker("1"), SET, "max.connections.per.ip", "5000");
        describe("broker config: connections, seen", broker("1"), "max.connections.per.ip");
        alter(
                "broker config: connections, back",
                broker("1"),
                DELETE,
                "max.connections.per.ip",
                null);
        alter("broker config: read only", broker("1"), SET, "num.partitions", "3");
        alter(
                "broker config: read only for all",
                broker(""),
                SET,
                "auto.create.topics.enable",
                "true");
        alter("broker config: node id", broker("1"), SET, "node.id", "3");
        alter("broker config: no number", broker("1"), SET, "log.retention.ms", "soon");
        alter("broker config: out of range", broker("1"), SET, "max.connections", "-5");
        alter("broker config: unknown key", broker("1"), SET, "log.retention.mss", "5");
        alter("broker config: another broker", broker("9"), SET, "log.retention.ms", "5");
        alter("broker config: broker is no number", broker("one"), SET, "log.retention.ms", "5");
        alter(
                "broker config: append to list",
                broker("1"),
                APPEND,
                "log.cleanup.policy",
                "compact");
        describe("broker config: append to list, seen", broker("1"), "log.cleanup.policy");
        alter("broker config: list back", broker("1"), DELETE, "log.cleanup.policy", null);
        alter("broker config: append to no list", broker("1"), APPEND, "log.retention.ms", "5");
    }

    private void clientMetrics() {
        look(
                "listClientMetricsResources: none",
                a ->
                        a.listConfigResources(
                                        Set.of(ConfigResource.Type.CLIENT_METRICS),
                                        new ListConfigResourcesOptions())
                                .all()
                                .get()
                                .size());
        alter("client metrics: set", metrics("sub"), SET, "metrics", "org.apache.kafka.producer.");
        alter("client metrics: interval", metrics("sub"), SET, "interval.ms", "60000");
        alter("client metrics: match", metrics("sub"), SET, "match", "client_id=app-.*");
        alter("client metrics: interval too short", metrics("sub"), SET, "interval.ms", "1");
        alter("client metrics: interval is no number", metrics("sub"), SET, "interval.ms", "soon");
        alter("client metrics: unknown selector", metrics("sub"), SET, "match", "colour=red");
        alter("client metrics: broken pattern", metrics("sub"), SET, "match", "client_id=[");
        alter("client metrics: unknown key", metrics("sub"), SET, "nobody", "x");
        alter("client metrics: empty name", metrics(""), SET, "metrics", "*");
        describe("client metrics: described", metrics("sub"), "interval.ms");
        describe("client metrics: unknown", metrics("nobody"), "interval.ms");
        look(
                "client metrics: listed",
                a ->
                        a
                                .listConfigResources(
                                        Set.of(ConfigResource.Type.CLIENT_METRICS),
                                        new ListConfigResourcesOptions())
                                .all()
                                .get()
                                .stream()
                                .map(ConfigResource::name)
                                .toList());
        look(
                "listConfigResources: topics and brokers",
                a ->
                        a
                                .listConfigResources(
                                        Set.of(
                                                ConfigResource.Type.TOPIC,
                                                ConfigResource.Type.BROKER),
                                        new ListConfigResourcesOptions())
                                .all()
                                .get()
                                .stream()
                                .map(r -> r.type() + " " + r.name())
                                .collect(Collectors.toCollection(TreeSet::new)));
        look(
                "listConfigResources: unknown type",
                a ->
                        a.listConfigResources(
                                        Set.of(ConfigResource.Type.UNKNOWN),
                                        new ListConfigResourcesOptions())
                                .all()
                                .get());
    }

    // ---- quotas

    private static ClientQuotaEntity entity(String... parts) {
        Map<String, String> entries = new HashMap<>();
        for (int i = 0; i < parts.length; i += 2) {
            entries.put(parts[i], parts[i + 1]);
        }
        return new ClientQuotaEntity(entries);
    }

    private void quota(String row, ClientQuotaEntity entity, String key, Double value) {
        change(
                row,
                a ->
                        a.alterClientQuotas(
                                        List.of(
                                                new ClientQuotaAlteration(
                                                        entity,
                                                        List.of(
                                                                new ClientQuotaAlteration.Op(
                                                                        key, value)))))
                                .all()
                                .get());
    }

    private void quotas(String row, ClientQuotaFilter filter) {
        look(
                row,
                a -> {
                    Map<String, String> found = new TreeMap<>();
                    a.describeClientQuotas(filter)
                            .entities()
                            .get()
                            .forEach((entity, values) ->
                                    found.put(
                                            new TreeMap<>(entity.entries()).toString(),
                                            new TreeMap<>(values).toString()));
                    return found;
                });
    }

    private void quotas() {
        quotas("describeClientQuotas: none", ClientQuotaFilter.all());
        quota("alterClientQuotas: user", entity("user", "alice"), "producer_byte_rate", 1e9);
        quota(
                "alterClientQuotas: client id",
                entity("client-id", "app"),
                "consumer_byte_rate",
                2e9);
        quota(
                "alterClientQuotas: both",
                entity("user", "alice", "client-id", "app"),
                "request_percentage",
                20000.5);
        quota(
                "alterClientQuotas: default user",
                entity("user", null),
                "controller_mutation_rate",
                1e6);
        quota(
                "alterClientQuotas: default client id",
                entity("client-id", null),
                "producer_byte_rate",
                3e9);
        quota(
                "alterClientQuotas: default user with client id",
                entity("user", null, "client-id", "app"),
                "producer_byte_rate",
                4e9);
        quota(
                "alterClientQuotas: address",
                entity("ip", "192.0.2.7"),
                "connection_creation_rate",
                1000.0);
        quota(
                "alterClientQuotas: default address",
                entity("ip", null),
                "connection_creation_rate",
                100000.0);
        quota(
                "alterClientQuotas: no address",
                entity("ip", "not-an-address.invalid"),
                "connection_creation_rate",
                1.0);
        quota(
                "alterClientQuotas: address with user",
                entity("ip", "192.0.2.7", "user", "alice"),
                "connection_creation_rate",
                1.0);
        quota(
                "alterClientQuotas: unknown entity type",
                entity("colour", "red"),
                "producer_byte_rate",
                1.0);
        quota("alterClientQuotas: empty entity", entity(), "producer_byte_rate", 1.0);
        quota("alterClientQuotas: unknown key", entity("user", "alice"), "producer_bite_rate", 1.0);
        quota(
                "alterClientQuotas: key of addresses",
                entity("user", "alice"),
                "connection_creation_rate",
                1.0);
        quota(
                "alterClientQuotas: key of users",
                entity("ip", "192.0.2.7"),
                "producer_byte_rate",
                1.0);
        quota("alterClientQuotas: zero", entity("user", "alice"), "producer_byte_rate", 0.0);
        quota("alterClientQuotas: negative", entity("user", "alice"), "producer_byte_rate", -1.0);
        quota("alterClientQuotas: half a byte", entity("user", "alice"), "producer_byte_rate", 1.5);
        quota(
                "alterClientQuotas: too many connections",
                entity("ip", "192.0.2.7"),
                "connection_creation_rate",
                1e12);
        quota(
                "alterClientQuotas: remove what is not there",
                entity("user", "bob"),
                "producer_byte_rate",
                null);
        quotas("describeClientQuotas: all", ClientQuotaFilter.all());
        quotas(
                "describeClientQuotas: user",
                ClientQuotaFilter.contains(
                        List.of(ClientQuotaFilterComponent.ofEntity("user", "alice"))));
        quotas(
                "describeClientQuotas: user only",
                ClientQuotaFilter.containsOnly(
                        List.of(ClientQuotaFilterComponent.ofEntity("user", "alice"))));
        quotas(
                "describeClientQuotas: any user",
                ClientQuotaFilter.contains(
                        List.of(ClientQuotaFilterComponent.ofEntityType("user"))));
        quotas(
                "describeClientQuotas: default user",
                ClientQuotaFilter.contains(
                        List.of(ClientQuotaFilterComponent.ofDefaultEntity("user"))));
        quotas(
                "describeClientQuotas: any user and client",
                ClientQuotaFilter.containsOnly(
                        List.of(
                                ClientQuotaFilterComponent.ofEntityType("user"),
                                ClientQuotaFilterComponent.ofEntityType("client-id"))));
        quotas(
                "describeClientQuotas: address",
                ClientQuotaFilter.contains(List.of(ClientQuotaFilterComponent.ofEntityType("ip"))));
        quotas(
                "describeClientQuotas: address and user",
                ClientQuotaFilter.contains(
                        List.of(
                                ClientQuotaFilterComponent.ofEntityType("ip"),
                                ClientQuotaFilterComponent.ofEntityType("user"))));
        quotas(
                "describeClientQuotas: unknown type",
                ClientQuotaFilter.contains(
                        List.of(ClientQuotaFilterComponent.ofEntityType("colour"))));
        quotas(
                "describeClientQuotas: type twice",
                ClientQuotaFilter.contains(
                        List.of(
                                ClientQuotaFilterComponent.ofEntity("user", "a"),
                                ClientQuotaFilterComponent.ofEntity("user", "b"))));
        quota("alterClientQuotas: remove", entity("user", "alice"), "producer_byte_rate", null);
        quotas(
                "describeClientQuotas: removed",
                ClientQuotaFilter.containsOnly(
                        List.of(ClientQuotaFilterComponent.ofEntity("user", "alice"))));
        change(
                "alterClientQuotas: two values",
                a ->
                        a.alterClientQuotas(
                                        List.of(
                                                new ClientQuotaAlteration(
                                                        entity("user", "carol"),
                                                        List.of(
                                                                new ClientQuotaAlteration.Op(
                                                                        "producer_byte_rate", 1e9),
                                                                new ClientQuotaAlteration.Op(
                                                                        "consumer_byte_rate",
                                                                        1e9)))))
                                .all()
                                .get());
    }

    // ---- a cluster of one

    private void singleNode() {
        look(
                "describeCluster",
                a ->
                        a.describeCluster().nodes().get().stream().map(n -> n.id()).toList()
                                + " "
                                + a.describeCluster().controller().get().id());
        TopicPartition known = new TopicPartition("one", 0);
        TopicPartition unknown = new TopicPartition("nobody", 0);
        for (ElectionType type : ElectionType.values()) {
            change("electLeaders: " + type, a -> elected(a, type, Set.of(known)));
            change(
                    "electLeaders: " + type + ", unknown topic",
                    a -> elected(a, type, Set.of(unknown)));
            change(
                    "electLeaders: " + type + ", unknown partition",
                    a -> elected(a, type, Set.of(new TopicPartition("one", 99))));
            change("electLeaders: " + type + ", all", a -> elected(a, type, null));
        }
        reassign(
                "alterPartitionReassignments: the same",
                known,
                Optional.of(new NewPartitionReassignment(List.of(1))));
        reassign(
                "alterPartitionReassignments: a stranger",
                known,
                Optional.of(new NewPartitionReassignment(List.of(9))));
        reassign(
                "alterPartitionReassignments: twice",
                known,
                Optional.of(new NewPartitionReassignment(List.of(1, 1))));
        reassign(
                "alterPartitionReassignments: negative",
                known,
                Optional.of(new NewPartitionReassignment(List.of(-1))));
        reassign("alterPartitionReassignments: cancel", known, Optional.empty());
        reassign(
                "alterPartitionReassignments: unknown topic",
                unknown,
                Optional.of(new NewPartitionReassignment(List.of(1))));
        reassign(
                "alterPartitionReassignments: unknown partition",
                new TopicPartition("one", 99),
                Optional.of(new NewPartitionReassignment(List.of(1))));
        reassign("alterPartitionReassignments: cancel unknown", unknown, Optional.empty());
        look(
                "listPartitionReassignments",
                a -> a.listPartitionReassignments().reassignments().get());
        look(
                "listPartitionReassignments: one",
                a -> a.listPartitionReassignments(Set.of(known)).reassignments().get());
        look(
                "listPartitionReassignments: unknown",
                a -> a.listPartitionReassignments(Set.of(unknown)).reassignments().get());
        look(
                "describeLogDirs",
                a ->
                        a
                                .describeLogDirs(List.of(1))
                                .allDescriptions()
                                .get()
                                .get(1)
                                .values()
                                .stream()
                                .map(d ->
                                        d.error()
                                                + " "
                                                + d.replicaInfos().containsKey(known)
                                                + " "
                                                + (d.totalBytes().getAsLong() > 0)
                                                + " "
                                                + (d.usableBytes().getAsLong() > 0))
                                .toList());
        look(
                "describeLogDirs: empty partition",
                a ->
                        a.describeLogDirs(List.of(1))
                                .allDescriptions()
                                .get()
                                .get(1)
                                .values()
                                .iterator()
                                .next()
                                .replicaInfos()
                                .get(known)
                                .size());
        look(
                "describeReplicaLogDirs",
                a ->
                        a
                                .describeReplicaLogDirs(
                                        List.of(new TopicPartitionReplica("one", 0, 1)))
                                .all()
                                .get()
                                .values()
                                .stream()
                                .map(i ->
                                        (i.getCurrentReplicaLogDir() != null)
                                                + " "
                                                + i.getCurrentReplicaOffsetLag()
                                                + " "
                                                + i.getFutureReplicaLogDir())
                                .toList());
        look(
                "describeReplicaLogDirs: unknown",
                a ->
                        a
                                .describeReplicaLogDirs(
                                        List.of(new TopicPartitionReplica("nobody", 0, 1)))
                                .all()
                                .get()
                                .values()
                                .stream()
                                .map(i -> String.valueOf(i.getCurrentReplicaLogDir()))
                                .toList());
        change(
                "alterReplicaLogDirs: no such directory",
                a ->
                        a.alterReplicaLogDirs(
                                        Map.of(
                                                new TopicPartitionReplica("one", 0, 1),
                                                "/nowhere/at/all"))
                                .all()
                                .get());
        change(
                "alterReplicaLogDirs: relative",
                a ->
                        a.alterReplicaLogDirs(
                                        Map.of(new TopicPartitionReplica("one", 0, 1), "nowhere"))
                                .all()
                                .get());
        change(
                "alterReplicaLogDirs: the same directory",
                a ->
                        a.alterReplicaLogDirs(
                                        Map.of(new TopicPartitionReplica("one", 0, 1), logDir(a)))
                                .all()
                                .get());
        change(
                "alterReplicaLogDirs: unknown topic",
                a ->
                        a.alterReplicaLogDirs(
                                        Map.of(
                                                new TopicPartitionReplica("nobody", 0, 1),
                                                logDir(a)))
                                .all()
                                .get());
        look(
                "describeMetadataQuorum",
                a -> {
                    var quorum = a.describeMetadataQuorum().quorumInfo().get();
                    return quorum.leaderId()
                            + " "
                            + quorum.voters().stream().map(v -> v.replicaId()).toList()
                            + " "
                            + quorum.observers()
                            + " "
                            + quorum.nodes().keySet();
                });
        change("unregisterBroker: unknown", a -> a.unregisterBroker(9).all().get());
        change("unregisterBroker: negative", a -> a.unregisterBroker(-1).all().get());
        change(
                "addRaftVoter",
                a ->
                        a.addRaftVoter(
                                        2,
                                        Uuid.fromString("AAAAAAAAAAEAAAAAAAAAAQ"),
                                        Set.of(new RaftVoterEndpoint("CONTROLLER", "127.0.0.1", 9)))
                                .all()
                                .get());
        change(
                "removeRaftVoter",
                a -> a.removeRaftVoter(2, Uuid.fromString("AAAAAAAAAAEAAAAAAAAAAQ")).all().get());
    }

    private static String logDir(Admin admin) throws Exception {
        return admin.describeLogDirs(List.of(1))
                .allDescriptions()
                .get()
                .get(1)
                .keySet()
                .iterator()
                .next();
    }

    private static Object elected(Admin admin, ElectionType type, Set<TopicPartition> partitions)
            throws Exception {
        return admin.electLeaders(type, partitions).partitions().get().entrySet().stream()
                .map(e ->
                        e.getKey()
                                + " "
                                + e.getValue()
                                        .map(x -> x.getClass().getSimpleName())
                                        .orElse("elected"))
                .toList();
    }

    private void reassign(
            String row, TopicPartition partition, Optional<NewPartitionReassignment> to) {
        change(row, a -> a.alterPartitionReassignments(Map.of(partition, to)).all().get());
    }

    private void features() {
        look(
                "describeFeatures: transactions",
                a ->
                        a.describeFeatures()
                                .featureMetadata()
                                .get()
                                .finalizedFeatures()
                                .get("transaction.version"));
        feature(
                "updateFeatures: the same level",
                "transaction.version",
                2,
                FeatureUpdate.UpgradeType.UPGRADE);
        feature(
                "updateFeatures: unknown feature",
                "colour.version",
                1,
                FeatureUpdate.UpgradeType.UPGRADE);
        feature(
                "updateFeatures: too high",
                "transaction.version",
                99,
                FeatureUpdate.UpgradeType.UPGRADE);
        feature(
                "updateFeatures: lower as an upgrade",
                "transaction.version",
                1,
                FeatureUpdate.UpgradeType.UPGRADE);
        change(
                "updateFeatures: nothing",
                a -> a.updateFeatures(Map.of(), new UpdateFeaturesOptions()).all().get());
    }

    private void feature(String row, String name, int level, FeatureUpdate.UpgradeType type) {
        change(
                row,
                a ->
                        a.updateFeatures(
                                        Map.of(name, new FeatureUpdate((short) level, type)),
                                        new UpdateFeaturesOptions())
                                .all()
                                .get());
    }

    private void tokens() {
        change("createDelegationToken", a -> a.createDelegationToken().delegationToken().get());
        change(
                "renewDelegationToken",
                a -> a.renewDelegationToken(new byte[] {1}).expiryTimestamp().get());
        change(
                "expireDelegationToken",
                a -> a.expireDelegationToken(new byte[] {1}).expiryTimestamp().get());
        look("describeDelegationToken", a -> a.describeDelegationToken().delegationTokens().get());
    }

    private void offsetsAndRecords() {
        TopicPartition known = new TopicPartition("one", 0);
        look("listOffsets: earliest", a -> offset(a, known, OffsetSpec.earliest()));
        look("listOffsets: latest", a -> offset(a, known, OffsetSpec.latest()));
        look("listOffsets: max timestamp", a -> offset(a, known, OffsetSpec.maxTimestamp()));
        look("listOffsets: for a time", a -> offset(a, known, OffsetSpec.forTimestamp(0)));
        look("listOffsets: earliest local", a -> offset(a, known, OffsetSpec.earliestLocal()));
        change(
                "deleteRecords: nothing there",
                a -> a.deleteRecords(Map.of(known, RecordsToDelete.beforeOffset(0))).all().get());
        change(
                "deleteRecords: all",
                a -> a.deleteRecords(Map.of(known, RecordsToDelete.beforeOffset(-1))).all().get());
        change(
                "deleteRecords: beyond the end",
                a -> a.deleteRecords(Map.of(known, RecordsToDelete.beforeOffset(5))).all().get());
        change(
                "deleteRecords: negative",
                a -> a.deleteRecords(Map.of(known, RecordsToDelete.beforeOffset(-5))).all().get());
        look(
                "describeProducers",
                a -> a.describeProducers(List.of(known)).all().get().get(known).activeProducers());
    }

    private static Object offset(Admin admin, TopicPartition partition, OffsetSpec spec)
            throws Exception {
        var found = admin.listOffsets(Map.of(partition, spec)).all().get().get(partition);
        return found.offset() + " " + found.timestamp();
    }

    private void groups() {
        TopicPartition known = new TopicPartition("one", 0);
        look("listGroups: none", a -> a.listGroups().all().get());
        look(
                "listConsumerGroupOffsets: unknown group",
                a -> a.listConsumerGroupOffsets("nobody").partitionsToOffsetAndMetadata().get());
        change(
                "alterConsumerGroupOffsets: new group",
                a ->
                        a.alterConsumerGroupOffsets(
                                        "made", Map.of(known, new OffsetAndMetadata(0, "note")))
                                .all()
                                .get());
        change(
                "alterConsumerGroupOffsets: unknown topic",
                a ->
                        a.alterConsumerGroupOffsets(
                                        "made",
                                        Map.of(
                                                new TopicPartition("nobody", 0),
                                                new OffsetAndMetadata(0)))
                                .all()
                                .get());
        change(
                "alterConsumerGroupOffsets: long note",
                a ->
                        a.alterConsumerGroupOffsets(
                                        "made",
                                        Map.of(known, new OffsetAndMetadata(0, "x".repeat(5000))))
                                .all()
                                .get());
        look(
                "listConsumerGroupOffsets",
                a -> a.listConsumerGroupOffsets("made").partitionsToOffsetAndMetadata().get());
        change(
                "deleteConsumerGroupOffsets",
                a -> a.deleteConsumerGroupOffsets("made", Set.of(known)).all().get());
        change(
                "deleteConsumerGroupOffsets: unknown group",
                a -> a.deleteConsumerGroupOffsets("nobody", Set.of(known)).all().get());
        change(
                "deleteConsumerGroups: unknown",
                a -> a.deleteConsumerGroups(List.of("nobody")).all().get());
        look(
                "describeConsumerGroups: unknown",
                a -> a.describeConsumerGroups(List.of("nobody")).all().get());
        look(
                "describeClassicGroups: unknown",
                a -> a.describeClassicGroups(List.of("nobody")).all().get());
    }

    private void transactions() {
        look("listTransactions: none", a -> a.listTransactions().all().get());
        look(
                "describeTransactions: unknown",
                a -> a.describeTransactions(List.of("nobody")).all().get());
        look("fenceProducers", a -> a.fenceProducers(List.of("fenced")).all().get());
        look(
                "listTransactions",
                a ->
                        a.listTransactions().all().get().stream()
                                .map(t -> t.transactionalId() + " " + t.state())
                                .toList());
        change(
                "forceTerminateTransaction: unknown",
                a -> a.forceTerminateTransaction("nobody").result().get());
    }

    private void deletions() {
        change("deleteTopics", a -> a.deleteTopics(List.of("defaults")).all().get());
        change("deleteTopics: again", a -> a.deleteTopics(List.of("defaults")).all().get());
        change("deleteTopics: unknown", a -> a.deleteTopics(List.of("nobody")).all().get());
        change("deleteTopics: not a name", a -> a.deleteTopics(List.of("a/b")).all().get());
        change(
                "deleteTopics: unknown id",
                a -> a.deleteTopics(TopicCollection.ofTopicIds(List.of(NO_TOPIC))).all().get());
        change(
                "deleteTopics: by id",
                a ->
                        a.deleteTopics(TopicCollection.ofTopicIds(List.of(id(a, "assigned"))))
                                .all()
                                .get());
        change(
                "deleteTopics: twice",
                a -> a.deleteTopics(List.of("configured", "configured")).all().get());
        look("listTopics: what is left", a -> new TreeSet<>(a.listTopics().names().get()));
        look("describeConfigs: deleted topic", a -> keys(a, topic("defaults")));
    }
}
