package io.leat.cli.topology;

import io.leat.cli.topology.Topology.TopicSpec;
import io.leat.client.Admin;
import io.leat.client.ConfigChange;
import io.leat.client.ConfigEntry;
import io.leat.client.ConfigResource;
import io.leat.client.LeatClientException;
import io.leat.client.NewTopic;
import io.leat.client.QuotaEntity;
import io.leat.client.QuotaListing;
import io.leat.client.TopicListing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What there is at a broker, and how a step is taken there. */
public final class BrokerTopology {
    private final Admin admin;

    public BrokerTopology(Admin admin) {
        this.admin = admin;
    }

    /** Everything that there is; topics that brokers keep for themselves are left out. */
    public Topology read() {
        SortedMap<String, TopicSpec> topics = new TreeMap<>();
        for (TopicListing topic : admin.listTopics()) {
            if (!topic.internal()) {
                topics.put(
                        topic.name(),
                        new TopicSpec(
                                OptionalInt.of(topic.partitionCount()),
                                overrides(
                                        ConfigResource.topic(topic.name()),
                                        ConfigEntry.Source.TOPIC)));
            }
        }
        return new Topology(Optional.of(topics), groups(), quotas());
    }

    private Optional<SortedMap<String, SortedMap<String, String>>> groups() {
        SortedMap<String, SortedMap<String, String>> groups = new TreeMap<>();
        try {
            for (String id : admin.listConfigResources(ConfigResource.Type.GROUP)) {
                groups.put(id, overrides(ConfigResource.group(id), ConfigEntry.Source.GROUP));
            }
        } catch (LeatClientException e) {
            return Optional.empty(); // a broker whose groups have no settings
        }
        groups.values().removeIf(Map::isEmpty);
        return groups.isEmpty() ? Optional.empty() : Optional.of(groups);
    }

    private Optional<SortedMap<QuotaEntity, SortedMap<String, Double>>> quotas() {
        Map<QuotaEntity, SortedMap<String, Double>> quotas = new HashMap<>();
        for (QuotaListing listing : admin.listQuotas()) {
            quotas.put(listing.entity(), listing.values());
        }
        return quotas.isEmpty() ? Optional.empty() : Optional.of(Topology.order(quotas));
    }

    private SortedMap<String, String> overrides(
            ConfigResource resource, ConfigEntry.Source source) {
        SortedMap<String, String> overrides = new TreeMap<>();
        for (ConfigEntry entry : admin.describeConfigs(resource)) {
            if (entry.source() == source) {
                entry.value().ifPresent(value -> overrides.put(entry.name(), value));
            }
        }
        return overrides;
    }

    /** What the broker would refuse of a plan, one line each, as far as it can tell beforehand. */
    public List<String> flaws(List<Change> changes) {
        List<String> flaws = new ArrayList<>();
        Map<ConfigResource, List<ConfigChange>> configs = new LinkedHashMap<>();
        for (Change change : changes) {
            switch (change) {
                case Change.CreateTopic create ->
                        attempt(
                                create,
                                flaws::add,
                                () -> admin.checkTopics(List.of(newTopic(create))));
                case Change.SetConfig set ->
                        configs.computeIfAbsent(resource(set), key -> new ArrayList<>())
                                .add(configChange(set));
                default -> {}
            }
        }
        configs.forEach((resource, settings) -> {
            try {
                admin.checkConfigs(resource, settings);
            } catch (LeatClientException e) {
                flaws.add(String.valueOf(e.getMessage()));
            }
        });
        return flaws;
    }

    private static void attempt(Change change, Consumer<String> flaw, Runnable action) {
        try {
            action.run();
        } catch (LeatClientException | IllegalArgumentException e) {
            flaw.accept(change.subject() + ": " + e.getMessage());
        }
    }

    /**
     * Takes a step.
     *
     * @throws LeatClientException when it fails
     */
    public void apply(Change change) {
        switch (change) {
            case Change.CreateTopic create -> admin.createTopic(newTopic(create));
            case Change.AddPartitions add -> admin.addPartitions(add.topic(), add.to());
            case Change.DeleteTopic delete -> admin.deleteTopic(delete.topic());
            case Change.SetConfig set ->
                    admin.alterConfigs(resource(set), List.of(configChange(set)));
            case Change.SetQuota set ->
                    admin.alterQuotas(set.entity(), Map.of(set.key(), set.to()));
        }
    }

    private static NewTopic newTopic(Change.CreateTopic create) {
        return new NewTopic(
                create.topic(), create.partitions(), OptionalInt.empty(), create.configs());
    }

    private static ConfigResource resource(Change.SetConfig set) {
        return set.group() ? ConfigResource.group(set.name()) : ConfigResource.topic(set.name());
    }

    private static ConfigChange configChange(Change.SetConfig set) {
        return set.to()
                .map(value -> ConfigChange.set(set.key(), value))
                .orElseGet(() -> ConfigChange.delete(set.key()));
    }
}
