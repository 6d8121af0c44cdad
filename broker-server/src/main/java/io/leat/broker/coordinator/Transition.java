package io.leat.broker.coordinator;

import io.leat.storage.api.StateStore;
import java.util.List;
import java.util.Optional;

/**
 * What a rule decided. All of it happens, or none: the writes are durable first, then the state is
 * seen by readers, the alarms are set and the replies go out.
 *
 * @param state the entity's new state; empty: the entity is no more
 * @param writes what the state store must hold so that {@link Coordinator#load} finds the state
 * @param replies what those who wait are told
 * @param alarms commands to deliver later, in the order they apply
 */
public record Transition<S, C>(
        Optional<S> state,
        List<StateStore.Write> writes,
        List<Reply<?>> replies,
        List<Alarm<C>> alarms) {
    public Transition {
        writes = List.copyOf(writes);
        replies = List.copyOf(replies);
        alarms = List.copyOf(alarms);
    }
}
