package io.leat.cli.topology;

import io.leat.cli.topology.Topology.TopicSpec;
import io.leat.client.Acl;
import io.leat.client.QuotaEntity;
import io.leat.client.Secret;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Finds the steps from what there is to what a file wants. Pure. */
public final class Planner {
    private final Topology present;
    private final boolean prune;
    private final Predicate<String> spared;
    private final List<Change> changes = new ArrayList<>();
    private final List<String> impossible = new ArrayList<>();

    private Planner(Topology present, boolean prune, Predicate<String> spared) {
        this.present = present;
        this.prune = prune;
        this.spared = spared;
    }

    /**
     * The steps, in the order in which they are taken: what is deleted comes last.
     *
     * @param impossible what cannot be done, one line each; then nothing must be done
     */
    public record Plan(List<Change> changes, List<String> impossible) {
        public Plan {
            changes = List.copyOf(changes);
            impossible = List.copyOf(impossible);
        }
    }

    /**
     * Plans.
     *
     * @param prune whether what the file's sections do not name is deleted
     * @param spared topics that are never deleted, by name
     */
    public static Plan plan(
            Topology wanted, Topology present, boolean prune, Predicate<String> spared) {
        Planner planner = new Planner(present, prune, spared);
        wanted.topics().ifPresent(planner::planTopics);
        wanted.groups().ifPresent(planner::planGroups);
        wanted.quotas().ifPresent(planner::planQuotas);
        wanted.users().ifPresent(planner::planUsers);
        wanted.acls().ifPresent(planner::planAcls);
        wanted.topics().ifPresent(planner::planDeletions);
        return new Plan(planner.changes, planner.impossible);
    }

    private SortedMap<String, TopicSpec> presentTopics() {
        return present.topics().orElse(Collections.emptySortedMap());
    }

    private void planTopics(SortedMap<String, TopicSpec> topics) {
        topics.forEach((name, spec) -> {
            TopicSpec existing = presentTopics().get(name);
            if (existing == null) {
                changes.add(new Change.CreateTopic(name, spec.partitions(), spec.configs()));
                return;
            }
            planPartitions(name, existing.partitions(), spec.partitions());
            planConfigs(false, name, existing.configs(), spec.configs());
        });
    }

    private void planPartitions(String topic, OptionalInt from, OptionalInt to) {
        if (to.isEmpty() || from.isEmpty() || to.getAsInt() == from.getAsInt()) {
            return;
        }
        if (to.getAsInt() < from.getAsInt()) {
            impossible.add(
                    "topic %s has %d partitions and cannot have fewer (%d)"
                            .formatted(topic, from.getAsInt(), to.getAsInt()));
        } else {
            changes.add(new Change.AddPartitions(topic, from.getAsInt(), to.getAsInt()));
        }
    }

    private void planConfigs(
            boolean group,
            String name,
            SortedMap<String, String> from,
            SortedMap<String, String> to) {
        for (String key : keys(from, to)) {
            Optional<String> before = Optional.ofNullable(from.get(key));
            Optional<String> after = Optional.ofNullable(to.get(key));
            if (!before.equals(after)) {
                changes.add(new Change.SetConfig(group, name, key, before, after));
            }
        }
    }

    private void planGroups(SortedMap<String, SortedMap<String, String>> groups) {
        SortedMap<String, SortedMap<String, String>> existing =
                present.groups().orElse(Collections.emptySortedMap());
        groups.forEach((id, configs) ->
                planConfigs(
                        true,
                        id,
                        existing.getOrDefault(id, Collections.emptySortedMap()),
                        configs));
        if (prune) {
            existing.forEach((id, configs) -> {
                if (!groups.containsKey(id)) {
                    planConfigs(true, id, configs, Collections.emptySortedMap());
                }
            });
        }
    }

    private void planQuotas(SortedMap<QuotaEntity, SortedMap<String, Double>> quotas) {
        Map<QuotaEntity, SortedMap<String, Double>> existing =
                present.quotas().orElseGet(() -> Topology.order(Map.of()));
        SortedMap<QuotaEntity, SortedMap<String, Double>> all = Topology.order(quotas);
        if (prune) {
            existing.keySet().forEach(entity -> all.putIfAbsent(entity, new TreeMap<>()));
        }
        all.forEach((entity, values) -> {
            SortedMap<String, Double> before =
                    existing.getOrDefault(entity, Collections.emptySortedMap());
            for (String key : keys(before, values)) {
                Optional<Double> from = Optional.ofNullable(before.get(key));
                Optional<Double> to = Optional.ofNullable(values.get(key));
                if (!from.equals(to)) {
                    changes.add(new Change.SetQuota(entity, key, from, to));
                }
            }
        });
    }

    /** A user that is there keeps its password: nobody can tell which one that is. */
    private void planUsers(SortedMap<String, Optional<Secret>> users) {
        Set<String> existing = present.users().orElse(Collections.emptySortedMap()).keySet();
        users.forEach((name, password) -> {
            if (existing.contains(name)) {
                return;
            }
            password.ifPresentOrElse(
                    given -> changes.add(new Change.CreateUser(name, given)),
                    () ->
                            impossible.add(
                                    "there is no user %s yet, and the file has no password for it"
                                            .formatted(name)));
        });
        if (prune) {
            existing.stream()
                    .filter(name -> !users.containsKey(name))
                    .forEach(name -> changes.add(new Change.DeleteUser(name)));
        }
    }

    /** What is made comes before what goes, so that nobody is shut out in between. */
    private void planAcls(SortedSet<Acl> acls) {
        SortedSet<Acl> existing = present.acls().orElseGet(() -> Topology.order(List.of()));
        acls.stream()
                .filter(acl -> !existing.contains(acl))
                .forEach(acl -> changes.add(new Change.CreateAcl(acl)));
        if (prune) {
            existing.stream()
                    .filter(acl -> !acls.contains(acl))
                    .forEach(acl -> changes.add(new Change.DeleteAcl(acl)));
        }
    }

    private void planDeletions(SortedMap<String, TopicSpec> topics) {
        if (prune) {
            for (String name : presentTopics().keySet()) {
                if (!topics.containsKey(name) && !spared.test(name)) {
                    changes.add(new Change.DeleteTopic(name));
                }
            }
        }
    }

    private static <V> Set<String> keys(Map<String, V> one, Map<String, V> other) {
        Set<String> keys = new TreeSet<>(one.keySet());
        keys.addAll(other.keySet());
        return keys;
    }
}
