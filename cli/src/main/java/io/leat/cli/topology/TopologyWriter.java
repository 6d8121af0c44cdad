package io.leat.cli.topology;

import io.leat.cli.topology.Topology.TopicSpec;
import io.leat.client.Acl;
import io.leat.client.QuotaEntity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Writes a topology as {@link TopologyReader} reads it. */
public final class TopologyWriter {
    private TopologyWriter() {}

    /** The topology as YAML; sections that are not there are left out. */
    public static String text(Topology topology) {
        Map<String, Object> file = new LinkedHashMap<>();
        topology.topics()
                .ifPresent(topics -> {
                    Map<String, Object> written = new LinkedHashMap<>();
                    topics.forEach((name, spec) -> written.put(name, topic(spec)));
                    file.put("topics", written);
                });
        topology.groups()
                .ifPresent(groups -> {
                    Map<String, Object> written = new LinkedHashMap<>();
                    groups.forEach((id, configs) -> written.put(id, withConfigs(configs)));
                    file.put("groups", written);
                });
        topology.quotas()
                .ifPresent(quotas -> {
                    List<Object> written = new ArrayList<>();
                    quotas.forEach((entity, values) -> written.add(quota(entity, values)));
                    file.put("quotas", written);
                });
        topology.users()
                .ifPresent(users -> {
                    Map<String, Object> written = new LinkedHashMap<>();
                    users.keySet().forEach(name -> written.put(name, Map.of()));
                    file.put("users", written);
                });
        topology.acls().ifPresent(acls -> file.put("acls", acls(acls)));
        DumpSettings settings =
                DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .setIndicatorIndent(2)
                        .setIndentWithIndicator(true)
                        .build();
        return new Dump(settings).dumpToString(file);
    }

    /** ACLs that differ in the operation alone are one entry. */
    private static List<Object> acls(SortedSet<Acl> acls) {
        Map<Map<String, Object>, List<String>> entries = new LinkedHashMap<>();
        for (Acl acl : acls) {
            entries.computeIfAbsent(withoutOperation(acl), key -> new ArrayList<>())
                    .add(acl.operation().word());
        }
        List<Object> written = new ArrayList<>();
        entries.forEach((entry, operations) -> {
            Map<String, Object> whole = new LinkedHashMap<>(entry);
            whole.put("operations", operations);
            written.add(whole);
        });
        return written;
    }

    private static Map<String, Object> withoutOperation(Acl acl) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("principal", acl.principal());
        Acl.Resource resource = acl.resource();
        boolean cluster = resource.type() == Acl.ResourceType.CLUSTER;
        entry.put(resource.type().word(), cluster ? (Object) true : resource.name());
        if (resource.prefixed()) {
            entry.put("prefixed", true);
        }
        if (!acl.allow()) {
            entry.put("deny", true);
        }
        if (!acl.host().equals(Acl.EVERYWHERE)) {
            entry.put("host", acl.host());
        }
        return entry;
    }

    private static Map<String, Object> topic(TopicSpec spec) {
        Map<String, Object> topic = new LinkedHashMap<>();
        spec.partitions().ifPresent(partitions -> topic.put("partitions", partitions));
        topic.putAll(withConfigs(spec.configs()));
        return topic;
    }

    private static Map<String, Object> withConfigs(SortedMap<String, String> configs) {
        Map<String, Object> written = new LinkedHashMap<>();
        if (!configs.isEmpty()) {
            Map<String, Object> values = new LinkedHashMap<>();
            configs.forEach((key, value) -> values.put(key, plain(value)));
            written.put("configs", values);
        }
        return written;
    }

    private static Map<String, Object> quota(QuotaEntity entity, SortedMap<String, Double> values) {
        Map<String, Object> quota = new LinkedHashMap<>();
        entity.parts().forEach((type, name) -> quota.put(type.wire(), name.orElse("<default>")));
        values.forEach((key, value) ->
                quota.put(key, value == Math.rint(value) ? (Object) value.longValue() : value));
        return quota;
    }

    /** Numbers and truths without quotes, as people write them. */
    private static Object plain(String value) {
        if (value.matches("-?(0|[1-9]\\d{0,17})")) {
            return Long.parseLong(value);
        }
        return value.equals("true") || value.equals("false")
                ? (Object) value.equals("true")
                : value;
    }
}
