package io.leat.broker.access;

import java.util.Optional;
import java.util.UUID;

/** Topics by id: access is given by name. */
@FunctionalInterface
public interface TopicNames {
    /** The name of the topic with that id, if there is one. */
    Optional<String> nameOf(UUID id);
}
