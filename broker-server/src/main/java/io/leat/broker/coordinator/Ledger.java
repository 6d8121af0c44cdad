package io.leat.broker.coordinator;

import io.leat.storage.api.StateStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All entities of one kind of coordinator: anyone may read them, and ask for changes.
 *
 * <p>Readers see a state only when it is durable, and see it before the reply to the command that
 * led to it is sent; reading costs no hop to the loop. {@link #get}, {@link #forEach}, {@link
 * #size} and {@link #ask} may be called by any thread.
 */
public final class Ledger<K, S, C> {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    private final CoordinatorLoop loop;
    private final Coordinator<K, S, C> coordinator;
    private final StateListener<K, S> listener;
    private final StateBudget budget;
    private final ConcurrentHashMap<K, Weighed<S>> published = new ConcurrentHashMap<>();

    /** States of the turn under way, not yet durable. Owned by the loop's thread. */
    private final Map<K, Optional<Weighed<S>>> drafts = new HashMap<>();

    /** A state, and how much heap it takes. */
    private record Weighed<S>(S state, long heapBytes) {
        static <S> long bytes(Optional<Weighed<S>> weighed) {
            return weighed.map(Weighed::heapBytes).orElse(0L);
        }
    }

    Ledger(
            CoordinatorLoop loop,
            Coordinator<K, S, C> coordinator,
            StateListener<K, S> listener,
            StateBudget budget) {
        this.loop = loop;
        this.coordinator = coordinator;
        this.listener = listener;
        this.budget = budget;
    }

    public Optional<S> get(K key) {
        return Optional.ofNullable(published.get(key)).map(Weighed::state);
    }

    /**
     * An entity as the turn under way leaves it so far, for decisions of other coordinators of the
     * same loop: a turn happens wholly or not at all, so what it has decided may be built upon. On
     * the loop's thread.
     */
    public Optional<S> inTurn(K key) {
        return latest(key).map(Weighed::state);
    }

    private Optional<Weighed<S>> latest(K key) {
        Optional<Weighed<S>> draft = drafts.get(key);
        return draft != null ? draft : Optional.ofNullable(published.get(key));
    }

    /** Visits every entity; those that come or go meanwhile may be missed or seen. */
    public void forEach(BiConsumer<K, S> visitor) {
        published.forEach((key, weighed) -> visitor.accept(key, weighed.state));
    }

    public int size() {
        return published.size();
    }

    /**
     * Asks for a change.
     *
     * @param command makes the command from the name to reply to
     * @param whenUnavailable the reply when the coordinator cannot decide
     * @return the reply; never completes exceptionally; completes on the loop's thread
     */
    public <R> CompletionStage<R> ask(
            K key,
            Function<ReplyTo<R>, ? extends C> command,
            Function<Unavailable, R> whenUnavailable) {
        ReplyTo<R> to = new ReplyTo<>(whenUnavailable);
        loop.offer(new Asked<>(this, key, command.apply(to), to));
        return to.future();
    }

    /**
     * Asks for a change, and goes on with the reply on the loop's thread, before a later turn.
     *
     * @param command makes the command from the name to reply to
     * @param whenUnavailable the reply when the coordinator cannot decide
     * @param then what to do with the reply: fast, and never throwing
     */
    public <R, T> CompletionStage<T> ask(
            K key,
            Function<ReplyTo<R>, ? extends C> command,
            Function<Unavailable, R> whenUnavailable,
            Function<R, CompletionStage<T>> then) {
        ReplyTo<R> to = new ReplyTo<>(whenUnavailable);
        // Before it is offered: afterwards the reply may be there, and the loop in another turn.
        CompletionStage<T> result = to.future().thenCompose(then);
        loop.offer(new Asked<>(this, key, command.apply(to), to));
        return result;
    }

    void load(StateStore store, Turn turn) {
        coordinator.load(
                store, (key, transition) -> take(key, transition, weigh(key, transition), turn));
    }

    /** Decides on what somebody asks for; false, and nothing is changed, where there is no room. */
    boolean decide(K key, C command, long nowMillis, Turn turn) {
        Transition<S, C> transition = coordinator.decide(key, inTurn(key), command, nowMillis);
        Optional<Weighed<S>> after = weigh(key, transition);
        boolean taken =
                !coordinator.isRefusable(command)
                        || budget.admits(Weighed.bytes(latest(key)), Weighed.bytes(after));
        if (taken) {
            take(key, transition, after, turn);
        }
        return taken;
    }

    /** Decides on an alarm. */
    void ring(K key, C command, long nowMillis, Turn turn) {
        Transition<S, C> transition = coordinator.decide(key, inTurn(key), command, nowMillis);
        take(key, transition, weigh(key, transition), turn);
    }

    // A state that did not change is the very same, and need not be weighed again.
    @SuppressWarnings("ReferenceEquality")
    private Optional<Weighed<S>> weigh(K key, Transition<S, C> transition) {
        if (transition.state().isEmpty()) {
            return Optional.empty();
        }
        S after = transition.state().get();
        Optional<Weighed<S>> before = latest(key);
        return before.isPresent() && before.get().state == after
                ? before
                : Optional.of(new Weighed<>(after, coordinator.heapBytes(key, after)));
    }

    private void take(K key, Transition<S, C> transition, Optional<Weighed<S>> after, Turn turn) {
        budget.grow(Weighed.bytes(after) - Weighed.bytes(latest(key)));
        drafts.put(key, after);
        turn.take(transition);
        for (Alarm<C> alarm : transition.alarms()) {
            turn.take(new Target<>(this, key, alarm.command()), alarm);
        }
    }

    void publishDrafts() {
        drafts.forEach(this::publish);
        drafts.clear();
    }

    private void publish(K key, Optional<Weighed<S>> after) {
        Optional<Weighed<S>> before =
                Optional.ofNullable(
                        after.isPresent()
                                ? published.put(key, after.get())
                                : published.remove(key));
        try {
            listener.published(key, before.map(Weighed::state), after.map(Weighed::state));
        } catch (RuntimeException e) {
            // What listeners do with it is no concern of the states, which are published.
            LOG.error("A listener failed on {}", key, e);
        }
    }

    void discardDrafts() {
        drafts.clear();
    }

    /** A command in the loop's inbox. */
    private record Asked<K, S, C>(Ledger<K, S, C> ledger, K key, C command, ReplyTo<?> to)
            implements CoordinatorLoop.Arrival {
        @Override
        public void decide(Turn turn) {
            turn.decide(ledger, key, command, to);
        }

        @Override
        public void refuse(Unavailable reason) {
            to.refuse(reason);
        }
    }

    /** Where an alarm's command is delivered; tells alarms apart. */
    record Target<K, S, C>(Ledger<K, S, C> ledger, K key, C command) {
        void decide(Turn turn) {
            turn.decide(this);
        }
    }
}
