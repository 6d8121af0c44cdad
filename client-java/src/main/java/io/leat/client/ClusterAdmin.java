package io.leat.client;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** {@link Admin} over the operations, each started on the loop and waited for by the caller. */
final class ClusterAdmin implements Admin {
    private final Cluster cluster;
    private final TopicAdmin topics;
    private final ConfigAdmin configs;
    private final GroupAdmin groups;
    private final PartitionOffsets offsets;
    private final ErasureAdmin erasures;
    private final CompactionAdmin compaction;
    private final QuotaAdmin quotas;
    private final AclAdmin acls;
    private final UserAdmin users;
    private final DelayAdmin delays;

    ClusterAdmin(Cluster cluster) {
        this.cluster = cluster;
        this.topics = new TopicAdmin(cluster);
        this.configs = new ConfigAdmin(cluster);
        this.groups = new GroupAdmin(cluster);
        this.erasures = new ErasureAdmin(cluster);
        this.compaction = new CompactionAdmin(cluster);
        this.quotas = new QuotaAdmin(cluster);
        this.acls = new AclAdmin(cluster);
        this.users = new UserAdmin(cluster);
        this.delays = new DelayAdmin(cluster);
        this.offsets = new PartitionOffsets(cluster, IsolationLevel.READ_UNCOMMITTED);
    }

    private <T> T call(String what, Function<Deadline, CompletableFuture<T>> operation) {
        Deadline deadline = Deadline.after(cluster.options().operationTimeout());
        return Blocking.call(cluster.loop(), deadline, what, () -> operation.apply(deadline));
    }

    @Override
    public void createTopics(Collection<NewTopic> newTopics) {
        call("create topics", deadline -> topics.create(newTopics, deadline));
    }

    @Override
    public void checkTopics(Collection<NewTopic> newTopics) {
        call("check topics", deadline -> topics.check(newTopics, deadline));
    }

    @Override
    public List<TopicListing> listTopics() {
        return call("list topics", topics::list);
    }

    @Override
    public List<TopicDescription> describeTopics(Collection<String> names) {
        return call(
                "describe " + Requests.subjects(names),
                deadline -> topics.describe(names, deadline));
    }

    @Override
    public void deleteTopics(Collection<String> names) {
        call("delete " + Requests.subjects(names), deadline -> topics.delete(names, deadline));
    }

    @Override
    public void addPartitions(String topic, int totalCount) {
        call(
                "add partitions to " + Requests.subject(topic),
                deadline -> topics.addPartitions(topic, totalCount, deadline));
    }

    @Override
    public Map<TopicPartition, Long> deleteRecords(Map<TopicPartition, Long> beforeOffsets) {
        return call("delete records", deadline -> topics.deleteRecords(beforeOffsets, deadline));
    }

    @Override
    public UUID eraseKeys(KeyErasure erasure) {
        return call("erase " + erasure, deadline -> erasures.erase(erasure, deadline));
    }

    @Override
    public Erasure describeErasure(UUID id) {
        return call("describe erasure " + id, deadline -> erasures.describe(id, deadline));
    }

    @Override
    public List<Compaction> describeCompaction(String topic) {
        return call(
                "describe the compaction of " + topic,
                deadline -> compaction.describe(topic, deadline));
    }

    @Override
    public List<Erasure> listErasures(Optional<String> topic, int limit) {
        Check.atLeast("limit", 1, limit);
        return call("list erasures", deadline -> erasures.list(topic, limit, deadline));
    }

    @Override
    public DelayedRecords listDelayed(String topic, Optional<byte[]> cancelKey, int limit) {
        Check.atLeast("limit", 1, limit);
        return call(
                "list delayed records of " + Requests.subject(topic),
                deadline -> delays.list(topic, cancelKey, limit, deadline));
    }

    @Override
    public List<Integer> cancelDelayed(String topic, List<byte[]> keys) {
        return call(
                "cancel delayed records of " + Requests.subject(topic),
                deadline -> delays.cancel(topic, keys, deadline));
    }

    @Override
    public Map<TopicPartition, OffsetAndTimestamp> listOffsets(
            Map<TopicPartition, OffsetSpec> specs) {
        return call("look up offsets", deadline -> offsets.list(specs, deadline));
    }

    @Override
    public List<ConfigEntry> describeConfigs(ConfigResource resource) {
        return call(
                "describe the settings of " + resource,
                deadline -> configs.describe(resource, deadline));
    }

    @Override
    public void alterConfigs(ConfigResource resource, List<ConfigChange> changes) {
        call(
                "change the settings of " + resource,
                deadline -> configs.alter(resource, changes, false, deadline));
    }

    @Override
    public void checkConfigs(ConfigResource resource, List<ConfigChange> changes) {
        call(
                "check the settings of " + resource,
                deadline -> configs.alter(resource, changes, true, deadline));
    }

    @Override
    public List<String> listConfigResources(ConfigResource.Type type) {
        return call("list what has settings", deadline -> configs.list(type, deadline));
    }

    @Override
    public List<Acl> listAcls(AclFilter filter) {
        return call("list ACLs", deadline -> acls.list(filter, deadline));
    }

    @Override
    public void createAcls(Collection<Acl> created) {
        call("create ACLs", deadline -> acls.create(List.copyOf(created), deadline));
    }

    @Override
    public List<Acl> deleteAcls(AclFilter filter) {
        return call("delete ACLs", deadline -> acls.delete(filter, deadline));
    }

    @Override
    public List<UserListing> listUsers() {
        return call("list users", users::list);
    }

    @Override
    public void setPassword(String user, Secret password) {
        Check.that(!user.isBlank(), "a user has a name");
        Check.that(!password.value().isEmpty(), "the password of user '" + user + "' is empty");
        call(
                "set the password of user '" + user + "'",
                deadline -> users.setPassword(user, password, deadline));
    }

    @Override
    public void deleteUser(String user) {
        call("delete user '" + user + "'", deadline -> users.delete(user, deadline));
    }

    @Override
    public List<QuotaListing> listQuotas() {
        return call("list quotas", quotas::list);
    }

    @Override
    public void alterQuotas(QuotaEntity entity, Map<String, Optional<Double>> changes) {
        call("change the quotas of " + entity, deadline -> quotas.alter(entity, changes, deadline));
    }

    @Override
    public List<GroupListing> listGroups() {
        return call("list groups", groups::list);
    }

    @Override
    public GroupDescription describeGroup(String groupId) {
        return call(
                "describe " + Requests.groupSubject(groupId),
                deadline -> new GroupLookup(cluster, groupId).describe(deadline));
    }

    @Override
    public void deleteGroups(Collection<String> groupIds) {
        LeatClientException first = null;
        for (String groupId : groupIds) {
            try {
                call(
                        "delete " + Requests.groupSubject(groupId),
                        deadline -> groups.delete(groupId, deadline));
            } catch (LeatClientException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> listGroupOffsets(String groupId) {
        String what = "read the offsets of " + Requests.groupSubject(groupId);
        GroupOffsets group = new GroupOffsets(new GroupCoordinator(cluster, groupId));
        return call(
                what, deadline -> Retry.until(cluster, deadline, what, () -> group.fetch(null)));
    }

    @Override
    public Map<TopicPartition, ShareOffset> listShareGroupOffsets(String groupId) {
        return call(
                "read the offsets of " + Requests.groupSubject(groupId),
                deadline -> new ShareOffsets(cluster, groupId).list(deadline));
    }

    @Override
    public void alterShareGroupOffsets(String groupId, Map<TopicPartition, Long> starts) {
        call(
                "set the offsets of " + Requests.groupSubject(groupId),
                deadline -> new ShareOffsets(cluster, groupId).alter(starts, deadline));
    }

    @Override
    public void alterGroupOffsets(
            String groupId, Map<TopicPartition, OffsetAndMetadata> committed) {
        String what = "set the offsets of " + Requests.groupSubject(groupId);
        GroupOffsets group = new GroupOffsets(new GroupCoordinator(cluster, groupId));
        call(
                what,
                deadline ->
                        Retry.until(
                                cluster,
                                deadline,
                                what,
                                () -> group.commit(GroupOffsets.Author.OUTSIDER, committed)));
    }

    @Override
    public void deleteGroupOffsets(String groupId, Set<TopicPartition> partitions) {
        call(
                "delete offsets of " + Requests.groupSubject(groupId),
                deadline -> groups.deleteOffsets(groupId, partitions, deadline));
    }

    @Override
    public ClusterDescription describeCluster() {
        return call("describe the cluster", topics::describeCluster);
    }

    @Override
    public void close() {
        cluster.close();
    }
}
