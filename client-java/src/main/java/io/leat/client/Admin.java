package io.leat.client;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks after topics, settings, groups and offsets.
 *
 * <p>Every method waits for its result, retries what can be retried, and throws a {@link
 * LeatClientException} when it fails or takes longer than {@link
 * ConnectionOptions#operationTimeout}. A method that takes several names does what it can: it
 * throws for the first that failed, with the failures of others {@linkplain
 * Throwable#getSuppressed() suppressed}, and those that are not named are done.
 *
 * <p>Any thread may use it, several at once. It has one daemon thread of its own.
 *
 * <pre>{@code
 * try (Admin admin = Admin.connect("localhost:9092")) {
 *     admin.createTopic(NewTopic.of("flights", 6));
 * }
 * }</pre>
 */
public interface Admin extends AutoCloseable {
    /**
     * Connects with default options.
     *
     * @param bootstrap {@code host:port}, or several separated by commas
     * @throws LeatClientException if no broker answers there
     */
    static Admin connect(String bootstrap) {
        return connect(ConnectionOptions.of(bootstrap));
    }

    /**
     * Connects.
     *
     * @throws LeatClientException if no broker answers in time
     */
    static Admin connect(ConnectionOptions options) {
        return new ClusterAdmin(Cluster.connect("leat-admin", options, false));
    }

    /** Creates a topic, and returns when it can be used. */
    default void createTopic(NewTopic topic) {
        createTopics(List.of(topic));
    }

    /** Creates topics, and returns when they can be used. */
    void createTopics(Collection<NewTopic> topics);

    /**
     * Checks whether topics could be created, and creates none; throws as {@link #createTopics}.
     */
    void checkTopics(Collection<NewTopic> topics);

    /** All topics, by name. */
    List<TopicListing> listTopics();

    /** A topic with its partitions. */
    default TopicDescription describeTopic(String name) {
        return describeTopics(List.of(name)).get(0);
    }

    /** Topics with their partitions, in the order of the names. */
    List<TopicDescription> describeTopics(Collection<String> names);

    /** Deletes a topic with all its records. */
    default void deleteTopic(String name) {
        deleteTopics(List.of(name));
    }

    /** Deletes topics with all their records. */
    void deleteTopics(Collection<String> names);

    /**
     * Adds partitions to a topic. Records with keys go to other partitions from then on.
     *
     * @param totalCount how many the topic shall have, more than it has
     */
    void addPartitions(String topic, int totalCount);

    /**
     * Deletes the records in front of these offsets.
     *
     * @param beforeOffsets the first offset to keep; -1 deletes all that is there
     * @return the offset of the first record that is left, or would be the next
     */
    Map<TopicPartition, Long> deleteRecords(Map<TopicPartition, Long> beforeOffsets);

    /**
     * Starts to erase every record of some keys from a topic: from all partitions and all segments,
     * compacted or not, in compressed batches and in transactions, tombstones too. All that was
     * written before the broker accepted this goes, what is written later stays, and so do all
     * other records with their offsets. The broker then reads all files again, and the erasure is
     * done when they hold no record of the keys.
     *
     * <p>Only Leat brokers can; others fail it with a {@link ConnectionException} that has the code
     * UNSUPPORTED_VERSION. Once this returns, the broker carries it out whatever happens, also
     * after a restart. To erase the same keys again is no harm: it reads the files and finds
     * nothing.
     *
     * @return the erasure's id, for {@link #describeErasure} and {@link #awaitErasure}
     */
    UUID eraseKeys(KeyErasure erasure);

    /** How an erasure stands. */
    Erasure describeErasure(UUID id);

    /**
     * Waits until an erasure is over, and looks how it ended.
     *
     * @throws ClientTimeoutException if it is not over in time; it goes on
     */
    default Erasure awaitErasure(UUID id, Duration timeout) {
        Deadline deadline = Deadline.after(timeout);
        Duration pause = Duration.ofMillis(5);
        while (true) {
            Erasure erasure = describeErasure(id);
            if (erasure.isOver()) {
                return erasure;
            }
            if (deadline.isOver()) {
                throw new ClientTimeoutException(
                        "erasure "
                                + id
                                + " is not over within "
                                + timeout
                                + erasure.problem().map(why -> "; it waits: " + why).orElse(""),
                        null);
            }
            LockSupport.parkNanos(pause.toNanos());
            pause = pause.compareTo(Duration.ofMillis(500)) < 0 ? pause.multipliedBy(2) : pause;
        }
    }

    /**
     * How the compaction of a topic stands, by partition; empty where it is not compacted. Leat
     * only.
     */
    List<Compaction> describeCompaction(String topic);

    /**
     * Erasures that run or ended, of all topics or those that had this name; the youngest first.
     *
     * @param limit how many at the most; the broker gives no more than 1,000
     */
    List<Erasure> listErasures(Optional<String> topic, int limit);

    /**
     * The delayed records of a topic that are pending, the first that are due first. Only Leat
     * brokers can.
     *
     * @param cancelKey only those with this cancel key: the value of their header {@code
     *     leat-delay-key}, or their own key where they have none
     * @param limit how many at the most; the broker gives no more than 10,000
     */
    DelayedRecords listDelayed(String topic, Optional<byte[]> cancelKey, int limit);

    /**
     * Cancels the delayed records of a topic that have these cancel keys: they are never delivered.
     * What is on its way into the log already stays, and so do records of open transactions. Only
     * Leat brokers can.
     *
     * @param keys at most 1,000
     * @return how many records of each key were cancelled, durably
     */
    List<Integer> cancelDelayed(String topic, List<byte[]> keys);

    /**
     * The offsets that are asked for. A partition without such a record, such as one as young as a
     * timestamp demands, is left out.
     */
    Map<TopicPartition, OffsetAndTimestamp> listOffsets(Map<TopicPartition, OffsetSpec> specs);

    /** All settings of a topic or broker, by name. */
    List<ConfigEntry> describeConfigs(ConfigResource resource);

    /** Changes some settings and leaves the others. */
    void alterConfigs(ConfigResource resource, List<ConfigChange> changes);

    /** Checks whether settings could be changed, and changes none. */
    void checkConfigs(ConfigResource resource, List<ConfigChange> changes);

    /**
     * What has settings of its own, by name; for brokers, their ids.
     *
     * <p>Brokers before Apache Kafka 4.1 fail it with a {@link ConnectionException} that has the
     * code UNSUPPORTED_VERSION.
     */
    List<String> listConfigResources(ConfigResource.Type type);

    /** The ACLs that fit. */
    List<Acl> listAcls(AclFilter filter);

    /** Makes ACLs; those that are there already stay as they are. */
    void createAcls(Collection<Acl> acls);

    /**
     * Deletes the ACLs that fit.
     *
     * @return those that were deleted
     */
    List<Acl> deleteAcls(AclFilter filter);

    /** The users that have a password, by name. */
    List<UserListing> listUsers();

    /**
     * Makes a user, or gives it another password, for SCRAM-SHA-256 and SCRAM-SHA-512. The password
     * does not travel, only what is needed to check it.
     */
    void setPassword(String user, Secret password);

    /**
     * Deletes a user: it cannot say who it is any more.
     *
     * @throws LeatClientException with RESOURCE_NOT_FOUND when there is no such user
     */
    void deleteUser(String user);

    /** All quotas of clients. */
    List<QuotaListing> listQuotas();

    /**
     * Changes some quotas of an entity and leaves the others.
     *
     * @param changes by Kafka's names, such as {@code producer_byte_rate}; empty takes one away
     */
    void alterQuotas(QuotaEntity entity, Map<String, Optional<Double>> changes);

    /** All groups, by id. */
    List<GroupListing> listGroups();

    /** A group with its members, of whatever type it is. */
    GroupDescription describeGroup(String groupId);

    /** Deletes a group that has no members, with its committed offsets. */
    default void deleteGroup(String groupId) {
        deleteGroups(List.of(groupId));
    }

    /** Deletes groups that have no members, with their committed offsets. */
    void deleteGroups(Collection<String> groupIds);

    /** What a group has committed. */
    Map<TopicPartition, OffsetAndMetadata> listGroupOffsets(String groupId);

    /**
     * Where a share group goes on in each partition that it has begun with.
     *
     * @throws LeatClientException with GROUP_ID_NOT_FOUND when there is no share group of that id
     */
    Map<TopicPartition, ShareOffset> listShareGroupOffsets(String groupId);

    /**
     * Sets where a share group without members goes on; what it knows of these partitions is
     * forgotten. Makes the group if there is none.
     *
     * @throws LeatClientException with GROUP_ID_NOT_FOUND when a group of another type has the id,
     *     with NON_EMPTY_GROUP when it has members
     */
    void alterShareGroupOffsets(String groupId, Map<TopicPartition, Long> starts);

    /** Sets what a group without members has committed: its next members start there. */
    void alterGroupOffsets(String groupId, Map<TopicPartition, OffsetAndMetadata> offsets);

    /** Forgets what a group has committed in partitions that no member of it subscribes to. */
    void deleteGroupOffsets(String groupId, Set<TopicPartition> partitions);

    /** The brokers. */
    ClusterDescription describeCluster();

    /** Ends the connections. Idempotent. */
    @Override
    void close();
}
