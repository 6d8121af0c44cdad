package io.leat.broker.coordinator;

import io.leat.storage.api.StateStore.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a decision comes to besides the new state: it is gathered here while the rules run, and
 * handed over as a {@link Transition}. Lives for one decision.
 */
public final class Effects<C> {
    private final List<Write> writes;
    private final List<Reply<?>> replies;
    private final List<Alarm<C>> gathered;
    private final Consumer<Alarm<C>> alarms;

    public Effects() {
        writes = new ArrayList<>();
        replies = new ArrayList<>();
        gathered = new ArrayList<>();
        alarms = gathered::add;
    }

    private Effects(List<Write> writes, List<Reply<?>> replies, Consumer<Alarm<C>> alarms) {
        this.writes = writes;
        this.replies = replies;
        this.gathered = List.of();
        this.alarms = alarms;
    }

    /** The same effects for rules that have commands of their own, which {@code wrap} takes in. */
    public <D> Effects<D> of(Function<D, C> wrap) {
        return new Effects<>(
                writes,
                replies,
                alarm ->
                        alarms.accept(
                                switch (alarm) {
                                    case Alarm.Set<D> set ->
                                            new Alarm.Set<>(
                                                    wrap.apply(set.command()), set.delayMillis());
                                    case Alarm.Cancel<D> cancel ->
                                            new Alarm.Cancel<>(wrap.apply(cancel.command()));
                                }));
    }

    public void write(Write write) {
        writes.add(write);
    }

    public <R> void reply(ReplyTo<R> to, R value) {
        replies.add(new Reply<>(to, value));
    }

    /** Has {@code command} delivered when {@code delayMillis} have passed; again moves it. */
    public void ring(C command, long delayMillis) {
        alarms.accept(new Alarm.Set<>(command, delayMillis));
    }

    public void silence(C command) {
        alarms.accept(new Alarm.Cancel<>(command));
    }

    public <S> Transition<S, C> transition(Optional<S> state) {
        return new Transition<>(state, writes, replies, gathered);
    }
}
