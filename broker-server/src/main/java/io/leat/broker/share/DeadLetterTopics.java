package io.leat.broker.share;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import io.leat.broker.config.TopicKeys;
import io.leat.broker.partition.Partition;
import io.leat.broker.share.ShareSettings.DeadLetterTopic;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds the dead-letter topic of a group. As in Kafka (KIP-1191) the topic must allow it, and its
 * name must begin as the broker demands, so that nobody who may only reject records writes to any
 * topic of the broker. A missing one is made where {@code
 * errors.deadletterqueue.auto.create.topics.enable} says so.
 */
final class DeadLetterTopics {
    private final TopicCatalog topics;
    private final Function<String, ShareSettings> settings;
    private final String prefix;
    private final boolean creating;
    private final int partitionsDefault;

    /** Where a group's dead letters go. */
    sealed interface Target {
        /**
         * There.
         *
         * @param copied whether with the record's key, value and headers
         */
        record Usable(Partition partition, boolean copied) implements Target {}

        /** Nowhere, until somebody changes something. */
        record Unusable(String why) implements Target {}
    }

    DeadLetterTopics(
            TopicCatalog topics, Function<String, ShareSettings> settings, BrokerConfig config) {
        this.topics = topics;
        this.settings = settings;
        this.prefix = config.get(BrokerKeys.ERRORS_DEADLETTERQUEUE_TOPIC_NAME_PREFIX);
        this.creating = config.get(BrokerKeys.ERRORS_DEADLETTERQUEUE_AUTO_CREATE_TOPICS_ENABLE);
        this.partitionsDefault = config.get(BrokerKeys.NUM_PARTITIONS);
    }

    /**
     * Where dead letters of a group go; empty where it wants none. Blocks where it makes the topic.
     *
     * @param source the topic that the records are in
     */
    Optional<Target> of(SharePartitionId id, String source) {
        Optional<DeadLetterTopic> wanted = settings.apply(id.groupId()).deadLetters();
        // From a dead-letter topic into itself would never end.
        return wanted.filter(topic -> !topic.name().equals(source)).map(topic -> target(id, topic));
    }

    private Target target(SharePartitionId id, DeadLetterTopic wanted) {
        String name = wanted.name();
        if (name.startsWith("__")) {
            return new Target.Unusable("a dead-letter topic cannot begin with __, as " + name);
        }
        if (!name.startsWith(prefix)) {
            return new Target.Unusable(
                    "the name of a dead-letter topic must begin with '%s' (%s), unlike %s"
                            .formatted(
                                    prefix,
                                    BrokerKeys.ERRORS_DEADLETTERQUEUE_TOPIC_NAME_PREFIX.name(),
                                    name));
        }
        Optional<Topic> topic = topics.find(name);
        if (topic.isEmpty()) {
            return creating
                    ? create(id, wanted)
                    : new Target.Unusable("there is no topic %s: create it".formatted(name));
        }
        if (!topic.get().config().get(TopicKeys.ERRORS_DEADLETTERQUEUE_GROUP_ENABLE)) {
            return new Target.Unusable(
                    "topic %s is no dead-letter topic: set %s=true on it"
                            .formatted(name, TopicKeys.ERRORS_DEADLETTERQUEUE_GROUP_ENABLE.name()));
        }
        return usable(id, wanted, topic.get());
    }

    private Target create(SharePartitionId id, DeadLetterTopic wanted) {
        try {
            return usable(
                    id,
                    wanted,
                    topics.create(
                            wanted.name(),
                            partitionsDefault,
                            Map.of(TopicKeys.ERRORS_DEADLETTERQUEUE_GROUP_ENABLE.name(), "true")));
        } catch (TopicException e) {
            return new Target.Unusable(
                    "topic %s cannot be made: %s".formatted(wanted.name(), e.getMessage()));
        }
    }

    private static Target usable(SharePartitionId id, DeadLetterTopic wanted, Topic topic) {
        int number = id.partition() % topic.partitions().size();
        return new Target.Usable(topic.partitions().get(number), wanted.copied());
    }
}
