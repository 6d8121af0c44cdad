package io.leat.broker.api;

import io.leat.broker.config.ConfigException;
import io.leat.broker.group.settings.GroupConfigs;
import io.leat.broker.group.settings.GroupSettings;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicConfig;
import io.leat.broker.topic.TopicException;
import io.leat.broker.topic.TopicName;
import io.leat.wire.ErrorCode;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** What both ways to alter configurations have in common. Blocks on the disk. */
final class ConfigAlteration {
    private final BrokerIdentity identity;
    private final TopicCatalog topics;
    private final GroupConfigs groups;

    ConfigAlteration(BrokerIdentity identity, TopicCatalog topics, GroupConfigs groups) {
        this.identity = identity;
        this.topics = topics;
        this.groups = groups;
    }

    /** Makes a resource's new configuration of the one that stands. */
    interface Change {
        TopicConfig of(TopicConfig current);

        GroupSettings of(GroupSettings current);
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
            Change change) {
        try {
            checkKeys(keys);
            switch (resourceType) {
                case ConfigView.TOPIC -> alterTopic(resourceName, validateOnly, change);
                case ConfigView.GROUP -> alterGroup(resourceName, validateOnly, change);
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
        } catch (ConfigException e) {
            return new Outcome(ErrorCode.INVALID_CONFIG, String.valueOf(e.getMessage()));
        }
    }

    /** The answer for a resource that a request names more than once. */
    static Outcome repeated() {
        return new Outcome(
                ErrorCode.INVALID_REQUEST, "A resource may be named only once in a request");
    }

    private void alterTopic(String name, boolean validateOnly, Change change) {
        TopicName.flaw(name)
                .ifPresent(flaw -> {
                    throw new TopicException(ErrorCode.INVALID_TOPIC_EXCEPTION, flaw);
                });
        if (validateOnly) {
            var _ = change.of(topics.known(name).config());
        } else {
            topics.configure(name, change::of);
        }
    }

    private void alterGroup(String groupId, boolean validateOnly, Change change) {
        if (groupId.isEmpty()) {
            throw new TopicException(
                    ErrorCode.INVALID_REQUEST, "The id of a group must not be empty");
        }
        if (validateOnly) {
            var _ = change.of(groups.of(groupId));
        } else {
            groups.configure(groupId, change::of);
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
