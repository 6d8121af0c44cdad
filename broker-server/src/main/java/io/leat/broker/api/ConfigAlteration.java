package io.leat.broker.api;

import io.leat.broker.topic.TopicException;
import io.leat.wire.ErrorCode;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** What both ways to alter configurations have in common. Blocks on the disk. */
final class ConfigAlteration {
    private final ConfigDomains domains;

    ConfigAlteration(ConfigDomains domains) {
        this.domains = domains;
    }

    /** How one resource's alteration ended: with an error and why, or with NONE. */
    record Outcome(ErrorCode error, String message) {
        static final Outcome DONE = new Outcome(ErrorCode.NONE, "");
    }

    /**
     * Alters one resource.
     *
     * @param keys the keys that the update names, repetitions included
     * @param update reads the update; may throw what the client is told
     */
    Outcome alter(
            byte resourceType,
            String resourceName,
            Collection<String> keys,
            boolean validateOnly,
            Supplier<ConfigUpdate> update) {
        try {
            checkKeys(keys);
            ConfigUpdate read = update.get();
            domains.known(resourceType).alter(resourceName, read, validateOnly);
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
