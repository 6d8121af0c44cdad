package io.leat.broker.topic;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import io.leat.wire.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which topics may be added to those that there are: some of them, one after the other. */
final class CreationRules {
    private final BrokerConfig config;
    private final TopicSnapshot snapshot;
    private final Map<String, String> admittedByFoldedName = new HashMap<>();
    // Most topics that come together ask for the same.
    private final Map<Map<String, String>, TopicConfig> checkedConfigs = new HashMap<>();
    private int partitions;

    CreationRules(BrokerConfig config, TopicSnapshot snapshot) {
        this.config = config;
        this.snapshot = snapshot;
        this.partitions = snapshot.partitions();
    }

    /**
     * Checks a topic, and counts it among those that there are.
     *
     * @return its configuration
     * @throws TopicException as {@link #check}
     */
    TopicConfig admit(NewTopic topic) {
        TopicConfig checked = check(topic);
        admittedByFoldedName.put(TopicName.folded(topic.name()), topic.name());
        partitions += topic.partitions();
        return checked;
    }

    /**
     * Checks a topic.
     *
     * @return its configuration
     * @throws TopicException INVALID_TOPIC_EXCEPTION, TOPIC_ALREADY_EXISTS, INVALID_CONFIG,
     *     INVALID_PARTITIONS
     */
    TopicConfig check(NewTopic topic) {
        String name = topic.name();
        Optional<String> flaw = TopicName.flaw(name);
        if (flaw.isPresent()) {
            throw new TopicException(ErrorCode.INVALID_TOPIC_EXCEPTION, flaw.get());
        }
        Optional<String> colliding = colliding(TopicName.folded(name));
        if (colliding.filter(name::equals).isPresent()) {
            throw new TopicException(
                    ErrorCode.TOPIC_ALREADY_EXISTS, "Topic '" + name + "' exists already");
        }
        if (colliding.isPresent()) {
            throw new TopicException(
                    ErrorCode.INVALID_TOPIC_EXCEPTION,
                    "Topic '"
                            + name
                            + "' collides with '"
                            + colliding.get()
                            + "': names must differ in more than '.' and '_'");
        }
        checkPartitions(topic.partitions(), topic.partitions());
        return checkedConfigs.computeIfAbsent(
                topic.configs(), asked -> new TopicConfig(config, asked).coherent());
    }

    private Optional<String> colliding(String folded) {
        return Optional.ofNullable(snapshot.byFoldedName().get(folded))
                .map(Topic::name)
                .or(() -> Optional.ofNullable(admittedByFoldedName.get(folded)));
    }

    /**
     * Checks how many partitions a topic is to have.
     *
     * @param total all of its own
     * @param added those of them that are new
     * @throws TopicException INVALID_PARTITIONS
     */
    void checkPartitions(int total, int added) {
        if (total <= 0) {
            throw new TopicException(
                    ErrorCode.INVALID_PARTITIONS,
                    "A topic needs at least one partition, not " + total);
        }
        int max = config.get(BrokerKeys.PARTITIONS_MAX);
        if (added > max - partitions) {
            throw new TopicException(
                    ErrorCode.INVALID_PARTITIONS,
                    "The broker has "
                            + partitions
                            + " partitions and "
                            + BrokerKeys.PARTITIONS_MAX.name()
                            + " is "
                            + max
                            + ", too few for "
                            + added
                            + " more");
        }
    }
}
