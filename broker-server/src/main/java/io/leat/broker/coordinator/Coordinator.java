package io.leat.broker.coordinator;

import io.leat.storage.api.StateStore;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The rules of one kind of coordinator. They are pure: no clock, no randomness, no I/O, nothing
 * remembered; the same arguments give the same transition, so that any run can be replayed.
 *
 * @param <K> names an entity, such as a group id
 * @param <S> an entity's state, deeply immutable
 * @param <C> what may happen to an entity; records, since alarms are told apart by {@code equals}
 */
public interface Coordinator<K, S, C> {
    /**
     * Decides what a command does. Called on the loop's thread.
     *
     * @param state the state that all earlier transitions led to, empty where there is no entity
     * @param nowMillis the wall clock, ms since the epoch
     */
    Transition<S, C> decide(K key, Optional<S> state, C command, long nowMillis);

    /**
     * How much heap a state takes, roughly: all of it that what clients say can make larger, see
     * {@link HeapBytes}.
     */
    long heapBytes(K key, S state);

    /**
     * Whether a command may be refused where it makes a state larger than there is room for. What
     * follows from earlier decisions is decided on in any case.
     */
    boolean isRefusable(C command);

    /**
     * Reads every entity back. Called once, before any {@link #decide}. The transitions may bring
     * writes, which are made durable before the first command; they bring no replies.
     */
    void load(StateStore store, BiConsumer<K, Transition<S, C>> loaded);
}
