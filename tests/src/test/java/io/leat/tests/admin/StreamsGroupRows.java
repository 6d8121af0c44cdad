package io.leat.tests.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListStreamsGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** The rows about streams groups. A topic {@code one} is there. */
final class StreamsGroupRows {
    private static final ConfigResource GROUP =
            new ConfigResource(ConfigResource.Type.GROUP, "tuned");
    private static final TopicPartition KNOWN = new TopicPartition("one", 0);
    private final List<AdminRow> rows = new ArrayList<>();

    private StreamsGroupRows() {}

    static List<AdminRow> rows() {
        StreamsGroupRows all = new StreamsGroupRows();
        all.features();
        all.groups();
        all.offsets();
        all.configs();
        return all.rows;
    }

    private void look(String name, AdminRow.Ask ask) {
        rows.add(new AdminRow("streams groups: " + name, false, ask));
    }

    private void change(String name, AdminRow.Ask ask) {
        rows.add(new AdminRow("streams groups: " + name, true, ask));
    }

    private void features() {
        look(
                "features",
                a -> {
                    Map<String, FinalizedVersionRange> all =
                            a.describeFeatures().featureMetadata().get().finalizedFeatures();
                    Map<String, FinalizedVersionRange> found = new TreeMap<>(all);
                    found.keySet().retainAll(Set.of("group.version", "streams.version"));
                    return found;
                });
    }

    private void groups() {
        look(
                "list none",
                a ->
                        a.listGroups(new ListGroupsOptions().withTypes(Set.of(GroupType.STREAMS)))
                                .all()
                                .get());
        look(
                "describe an unknown one",
                a -> a.describeStreamsGroups(List.of("nobody")).all().get());
        look(
                "describe one of another type",
                a -> a.describeStreamsGroups(List.of("made")).all().get());
        change("delete an unknown one", a -> a.deleteStreamsGroups(List.of("nobody")).all().get());
    }

    private void offsets() {
        look("offsets of an unknown one", a -> offsets(a, "nobody"));
        change(
                "commit for a new one",
                a ->
                        a.alterStreamsGroupOffsets("app", Map.of(KNOWN, new OffsetAndMetadata(0)))
                                .all()
                                .get());
        look("offsets", a -> offsets(a, "app"));
        change(
                "delete offsets",
                a -> a.deleteStreamsGroupOffsets("app", Set.of(KNOWN)).all().get());
        change(
                "delete offsets of an unknown one",
                a -> a.deleteStreamsGroupOffsets("nobody", Set.of(KNOWN)).all().get());
    }

    private static Object offsets(Admin admin, String group) throws Exception {
        return admin.listStreamsGroupOffsets(Map.of(group, new ListStreamsGroupOffsetsSpec()))
                .partitionsToOffsetAndMetadata(group)
                .get();
    }

    private void configs() {
        look(
                "names of settings",
                a -> {
                    Set<String> names = new TreeSet<>();
                    config(a).entries().forEach(entry -> names.add(entry.name()));
                    names.removeIf(name -> !name.startsWith("streams."));
                    return names;
                });
        set("streams.num.standby.replicas", "1");
        look(
                "a setting, seen",
                a -> {
                    ConfigEntry entry = config(a).get("streams.num.standby.replicas");
                    return entry.value() + " " + entry.source();
                });
        set("streams.num.standby.replicas", "3");
        set("streams.num.standby.replicas", "-1");
        set("streams.num.standby.replicas", "many");
        set("streams.num.warmup.replicas", "4");
        set("streams.session.timeout.ms", "50000");
        set("streams.session.timeout.ms", "1");
        set("streams.heartbeat.interval.ms", "6000");
        set("streams.heartbeat.interval.ms", "1");
        set("streams.initial.rebalance.delay.ms", "10");
        set("streams.acceptable.recovery.lag", "-1");
        set("streams.task.offset.interval.ms", "20000");
        set("streams.task.offset.interval.ms", "1");
        set("streams.colour", "blue");
    }

    private static Config config(Admin admin) throws Exception {
        return admin.describeConfigs(List.of(GROUP)).all().get().get(GROUP);
    }

    private void set(String key, String value) {
        AlterConfigOp op = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
        change(
                key + "=" + value,
                a -> a.incrementalAlterConfigs(Map.of(GROUP, List.of(op))).all().get());
    }
}
