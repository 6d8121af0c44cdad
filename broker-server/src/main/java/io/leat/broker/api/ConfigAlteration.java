package io.leat.broker.api;

import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicConfig;
import io.leat.broker.topic.TopicException;
import io.leat.broker.topic.TopicName;
import io.leat.wire.ErrorCode;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** What both ways to alter configurations have in common. Blocks on the disk. */
final class ConfigAlteration {
    private final BrokerIdentity identity;
    private final TopicCatalog topics;

    ConfigAlteration(BrokerIdentity identity, TopicCatalog topics) {
        this.identity = identity;
        this.topics = topics;
    }

    /** How one resource's alteration ended: with an error and why, or with NONE. */
    record Outcome(ErrorCode error, String message) {
        static final Outcome DONE = new Outcome(ErrorCode.NONE, "");
    }

    /**
     * Alters one resource.
     *
     * @param keys the keys that the change names
     * @param change makes the new configuration of the one that stands
     */
    Outcome alter(
            byte resourceType,
            String resourceName,
            Collection<String> keys,
            boolean validateOnly,
            UnaryOperator<TopicConfig> change) {
        try {
            checkKeys(keys);
            switch (resourceType) {
                case ConfigView.TOPIC -> alterTopic(resourceName, validateOnly, change);
                case ConfigView.BROKER -> refuseBroker(resourceName, keys);
                default ->
                        throw new TopicException(
                                ErrorCode.INVALID_REQUEST,
                                "Resources of type %d have no configuration here"
                                        .formatted(resourceType));
            }
            return Outcome.DONE;
        } catch (TopicException e) {
            return new Outcome(e.error(), String.valueOf(e.getMessage()));
        }
    }

    /** The answer for a resource that a request names more than once. */
    static Outcome repeated() {
        return new Outcome(
                ErrorCode.INVALID_REQUEST, "A resource may be named only once in a request");
    }

    private void alterTopic(String name, boolean validateOnly, UnaryOperator<TopicConfig> change) {
        TopicName.flaw(name)
                .ifPresent(flaw -> {
                    throw new TopicException(ErrorCode.INVALID_TOPIC_EXCEPTION, flaw);
                });
        if (validateOnly) {
            var _ = change.apply(topics.known(name).config());
        } else {
            topics.configure(name, change);
        }
    }

    /** The broker's configuration is read at start. */
    private void refuseBroker(String name, Collection<String> keys) {
        if (!name.isEmpty()) {
            BrokerResource.check(name, identity.nodeId());
        }
        if (!keys.isEmpty()) {
            throw new TopicException(
                    ErrorCode.INVALID_REQUEST,
                    "The broker reads its configuration at start; restart it to change "
                            + String.join(", ", new TreeSet<>(keys)));
        }
    }

    private static void checkKeys(Collection<String> keys) {
        Set<String> seen = new TreeSet<>();
        for (String key : keys) {
            if (!seen.add(key)) {
                throw new TopicException(
                        ErrorCode.INVALID_REQUEST, "The key " + key + " is named more than once");
            }
        }
    }
}
