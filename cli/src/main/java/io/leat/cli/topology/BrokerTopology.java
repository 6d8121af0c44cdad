package io.leat.cli.topology;

import io.leat.cli.topology.Topology.Section;
import io.leat.cli.topology.Topology.TopicSpec;
import io.leat.client.Acl;
import io.leat.client.AclFilter;
import io.leat.client.Admin;
import io.leat.client.BrokerException;
import io.leat.client.ConfigChange;
import io.leat.client.ConfigEntry;
import io.leat.client.ConfigResource;
import io.leat.client.ConnectionException;
import io.leat.client.LeatClientException;
import io.leat.client.NewTopic;
import io.leat.client.QuotaEntity;
import io.leat.client.QuotaListing;
import io.leat.client.Secret;
import io.leat.client.TopicListing;
import io.leat.client.UserListing;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What there is at a broker, and how a step is taken there. */
public final class BrokerTopology {
    private final Admin admin;

    public BrokerTopology(Admin admin) {
        this.admin = admin;
    }

    /** Everything that there is; topics that brokers keep for themselves are left out. */
    public Topology read() {
        return read(EnumSet.allOf(Section.class));
    }

    /**
     * The same, of these sections alone: who administers topics need not be allowed to see ACLs.
     */
    public Topology read(Set<Section> asked) {
        return new Topology(
                asked(asked, Section.TOPICS, this::topics),
                asked(asked, Section.GROUPS, this::groups),
                asked(asked, Section.QUOTAS, this::quotas),
                asked(asked, Section.USERS, this::users),
                asked(asked, Section.ACLS, this::acls));
    }

    private static <T> Optional<T> asked(
            Set<Section> asked, Section section, Supplier<Optional<T>> read) {
        return asked.contains(section) ? read.get() : Optional.empty();
    }

    private Optional<SortedMap<String, TopicSpec>> topics() {
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
        return Optional.of(topics);
    }

    private Optional<SortedMap<String, SortedMap<String, String>>> groups() {
        SortedMap<String, SortedMap<String, String>> groups = new TreeMap<>();
        try {
            for (String id : admin.listConfigResources(ConfigResource.Type.GROUP)) {
                groups.put(id, overrides(ConfigResource.group(id), ConfigEntry.Source.GROUP));
            }
        } catch (ConnectionException e) {
            if (e.errorCode() == ErrorCode.UNSUPPORTED_VERSION) {
                return Optional.empty(); // a broker whose groups have no settings
            }
            throw e;
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

    private Optional<SortedMap<String, Optional<Secret>>> users() {
        SortedMap<String, Optional<Secret>> users = new TreeMap<>();
        for (UserListing user : admin.listUsers()) {
            users.put(user.name(), Optional.empty());
        }
        return users.isEmpty() ? Optional.empty() : Optional.of(users);
    }

    /** A broker that asks nobody who he is has none. */
    private Optional<SortedSet<Acl>> acls() {
        try {
            SortedSet<Acl> acls = Topology.order(admin.listAcls(AclFilter.ALL));
            return acls.isEmpty() ? Optional.empty() : Optional.of(acls);
        } catch (BrokerException e) {
            if (e.errorCode() == ErrorCode.SECURITY_DISABLED) {
                return Optional.empty();
            }
            throw e;
        }
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
        if (changes.stream().anyMatch(Change.CreateAcl.class::isInstance)) {
            try {
                var _ = admin.listAcls(AclFilter.ALL);
            } catch (BrokerException e) {
                flaws.add(String.valueOf(e.getMessage()));
            }
        }
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
            case Change.CreateUser create -> admin.setPassword(create.user(), create.password());
            case Change.DeleteUser delete -> admin.deleteUser(delete.user());
            case Change.CreateAcl create -> admin.createAcls(List.of(create.acl()));
            case Change.DeleteAcl delete -> {
                var _ = admin.deleteAcls(AclFilter.of(delete.acl()));
            }
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
