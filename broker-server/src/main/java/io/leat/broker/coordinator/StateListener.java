package io.leat.broker.coordinator;

import java.util.Optional;

/**
 * Told of every state that is published, on the loop's thread, between the write and the replies:
 * return fast, never block.
 */
@FunctionalInterface
public interface StateListener<K, S> {
    /**
     * An entity came, changed or went.
     *
     * @param before what readers saw until now, empty where there was no entity
     * @param after what they see now, empty where there is none any more
     */
    void published(K key, Optional<S> before, Optional<S> after);
}
