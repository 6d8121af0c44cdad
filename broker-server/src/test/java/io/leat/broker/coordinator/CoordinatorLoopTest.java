package io.leat.broker.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.StateStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CoordinatorLoopTest {
    private final ManualTime time = new ManualTime();
    private final MemoryStateStore store = new MemoryStateStore();
    private final CoordinatorLoop loop = new CoordinatorLoop(store, time, Long.MAX_VALUE);
    private final Ledger<String, Integer, Count> ledger =
            loop.host(new Counting(), (key, before, after) -> {});

    /** What may happen to a counter. */
    private sealed interface Count {
        record Add(int n, ReplyTo<String> to) implements Count {}

        record Fail(ReplyTo<String> to) implements Count {}

        record AddLater(long delayMillis, ReplyTo<String> to) implements Count {}

        record Forget(ReplyTo<String> to) implements Count {}

        /** Never answered. */
        record Wait(ReplyTo<String> to) implements Count {}

        record Tick() implements Count {}
    }

    /** Counts, durably. */
    private static final class Counting implements Coordinator<String, Integer, Count> {
        @Override
        public Transition<Integer, Count> decide(
                String key, Optional<Integer> state, Count command, long nowMillis) {
            int value = state.orElse(0);
            return switch (command) {
                case Count.Add add ->
                        to(
                                key,
                                value + add.n(),
                                List.of(answer(add.to(), value + add.n())),
                                List.of());
                case Count.Fail fail -> throw new IllegalStateException("a rule with a mistake");
                case Count.AddLater later ->
                        new Transition<>(
                                state,
                                List.of(),
                                List.of(answer(later.to(), value)),
                                List.of(new Alarm.Set<>(new Count.Tick(), later.delayMillis())));
                case Count.Forget forget ->
                        new Transition<>(
                                Optional.empty(),
                                List.of(new StateStore.Write.Delete(bytes(key))),
                                List.of(answer(forget.to(), 0)),
                                List.of(new Alarm.Cancel<>(new Count.Tick())));
                case Count.Wait wait -> new Transition<>(state, List.of(), List.of(), List.of());
                case Count.Tick tick -> to(key, value + 1, List.of(), List.of());
            };
        }

        private static Reply<String> answer(ReplyTo<String> to, int value) {
            return new Reply<>(to, "is " + value);
        }

        private static Transition<Integer, Count> to(
                String key, int value, List<Reply<?>> replies, List<Alarm<Count>> alarms) {
            return new Transition<>(
                    Optional.of(value),
                    List.of(new StateStore.Write.Put(bytes(key), bytes("" + value))),
                    replies,
                    alarms);
        }

        @Override
        public long heapBytes(String key, Integer value) {
            return value;
        }

        @Override
        public boolean isRefusable(Count command) {
            return command instanceof Count.Add;
        }

        @Override
        public void load(StateStore store, BiConsumer<String, Transition<Integer, Count>> loaded) {
            store.scan(
                    new byte[0],
                    (key, value) ->
                            loaded.accept(
                                    new String(key, StandardCharsets.UTF_8),
                                    new Transition<>(
                                            Optional.of(
                                                    Integer.parseInt(
                                                            new String(
                                                                    value,
                                                                    StandardCharsets.UTF_8))),
                                            List.of(),
                                            List.of(),
                                            List.of())));
        }

        private static byte[] bytes(String s) {
            return s.getBytes(StandardCharsets.UTF_8);
        }
    }

    private Answer<String> ask(String key, Function<ReplyTo<String>, Count> command) {
        return new Answer<>(ledger.ask(key, command, Unavailable::name));
    }

    private Answer<String> add(String key, int n) {
        return ask(key, to -> new Count.Add(n, to));
    }

    @Test
    void oneWriteForAllThatArrivedMeanwhile() {
        List<Answer<String>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(add("k" + i % 10, 1));
        }
        loop.turn();
        assertEquals(1, store.writeCount());
        assertEquals("is 10", answers.getLast().join());
        assertEquals(Optional.of(10), ledger.get("k3"));
        assertEquals(10, ledger.size());
    }

    @Test
    void stateIsSeenBeforeItsReply() {
        Answer<Optional<Integer>> seen =
                new Answer<>(
                        ledger.ask("k", to -> new Count.Add(7, to), Unavailable::name)
                                .thenApply(reply -> ledger.get("k")));
        assertEquals(Optional.empty(), ledger.get("k"));
        loop.turn();
        assertEquals(Optional.of(7), seen.join());
    }

    @Test
    void failedWriteLeavesNoTrace() {
        add("k", 1);
        Answer<String> waiting = ask("k", Count.Wait::new);
        ask("k", to -> new Count.AddLater(50, to));
        loop.turn();

        time.advance(60);
        store.failWrites(1);
        Answer<String> failed = add("k", 10);
        Answer<String> alarmed = ask("j", to -> new Count.AddLater(1, to));
        loop.turn();
        assertEquals("STORAGE_FAILED", failed.join());
        assertEquals("STORAGE_FAILED", alarmed.join());
        assertEquals(Optional.of(1), ledger.get("k"));
        assertEquals(Optional.empty(), ledger.get("j"));
        assertFalse(waiting.isDone());

        // The alarm that rang in the failed turn rings again; the one set in it never does.
        time.advance(1_000);
        loop.turn();
        assertEquals(Optional.of(2), ledger.get("k"));
        assertEquals(Optional.empty(), ledger.get("j"));
    }

    @Test
    void alarmThatAFailedTurnMovedRingsAllTheSame() {
        ask("k", to -> new Count.AddLater(100, to));
        loop.turn();
        time.advance(100);
        store.failWrites(1);
        Answer<String> moved = ask("k", to -> new Count.AddLater(100_000, to));
        add("k", 10);
        loop.turn();
        assertEquals("STORAGE_FAILED", moved.join());
        time.advance(1_000);
        loop.turn();
        assertEquals(Optional.of(1), ledger.get("k"));
    }

    @Test
    void ruleThatThrowsHurtsOnlyItsAsker() {
        Answer<String> good = add("k", 1);
        Answer<String> bad = ask("k", Count.Fail::new);
        Answer<String> after = add("k", 1);
        loop.turn();
        assertEquals("is 1", good.join());
        assertEquals("RULE_FAILED", bad.join());
        assertEquals("is 2", after.join());
    }

    @Test
    void listenerThatFailsChangesNothing() {
        CoordinatorLoop other = new CoordinatorLoop(store, time, Long.MAX_VALUE);
        Ledger<String, Integer, Count> watched =
                other.host(
                        new Counting(),
                        (key, before, after) -> {
                            throw new IllegalStateException("a listener with a mistake");
                        });
        Answer<String> answer =
                new Answer<>(watched.ask("k", to -> new Count.Add(3, to), Unavailable::name));
        other.turn();
        assertEquals("is 3", answer.join());
        assertEquals(Optional.of(3), watched.get("k"));
    }

    @Test
    void alarmRingsWhenDueUnlessMovedInTheSameTurn() {
        ask("k", to -> new Count.AddLater(100, to));
        loop.turn();
        time.advance(99);
        loop.turn();
        assertEquals(Optional.empty(), ledger.get("k"));

        // Due now, and moved by a command of the same turn: the command wins.
        time.advance(1);
        ask("k", to -> new Count.AddLater(100, to));
        loop.turn();
        assertEquals(Optional.empty(), ledger.get("k"));

        time.advance(100);
        loop.turn();
        assertEquals(Optional.of(1), ledger.get("k"));
        assertTrue(loop.nextAlarmNanos().isEmpty());
    }

    @Test
    void entityThatIsNoMoreIsGoneFromReadersAndStore() {
        add("k", 1);
        loop.turn();
        ask("k", Count.Forget::new);
        loop.turn();
        assertEquals(Optional.empty(), ledger.get("k"));
        assertEquals(0, store.size());
    }

    @Test
    void stateIsThereAgainAfterARestart() {
        add("k", 5);
        loop.turn();
        Ledger<String, Integer, Count> reloaded =
                new CoordinatorLoop(store, time, Long.MAX_VALUE)
                        .host(new Counting(), (key, before, after) -> {});
        assertEquals(Optional.of(5), reloaded.get("k"));
    }

    @Test
    void inboxIsBounded() {
        for (int i = 0; i < CoordinatorLoop.INBOX_MAX; i++) {
            add("k", 1);
        }
        assertEquals("OVERLOADED", add("k", 1).join());
        loop.close();
        assertEquals(Optional.of(CoordinatorLoop.INBOX_MAX), ledger.get("k"));
    }

    @Test
    void threadDecidesWakesForAlarmsAndStopsWithEveryoneAnswered() throws Exception {
        CoordinatorLoop running = new CoordinatorLoop(store, Time.SYSTEM, Long.MAX_VALUE);
        Ledger<String, Integer, Count> live =
                running.host(new Counting(), (key, before, after) -> {});
        running.start();
        CompletableFuture<String> waiting =
                live.ask("k", Count.Wait::new, Unavailable::name).toCompletableFuture();
        live.ask("k", to -> new Count.AddLater(1, to), Unavailable::name);
        String reply = "";
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!reply.equals("is 1") && System.nanoTime() < deadline) {
            reply =
                    live.ask("k", to -> new Count.Add(0, to), Unavailable::name)
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS);
        }
        assertEquals("is 1", reply);
        running.close();
        running.close();
        assertEquals("CLOSED", waiting.get(10, TimeUnit.SECONDS));
        assertEquals(
                "CLOSED",
                live.ask("k", Count.Wait::new, Unavailable::name)
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS));
    }

    /** A loop whose states may take so much, and each a quarter of it. */
    private Ledger<String, Integer, Count> bounded(CoordinatorLoop bounded) {
        return bounded.host(new Counting(), (key, before, after) -> {});
    }

    private static Answer<String> add(Ledger<String, Integer, Count> states, String key, int n) {
        return new Answer<>(states.ask(key, to -> new Count.Add(n, to), Unavailable::name));
    }

    @Test
    void statesGrowUpToABound() {
        CoordinatorLoop bounded = new CoordinatorLoop(store, time, 100);
        Ledger<String, Integer, Count> states = bounded(bounded);
        List<Answer<String>> answers = new ArrayList<>();
        for (String key : List.of("a", "b", "c", "d", "e")) {
            answers.add(add(states, key, 24));
        }
        bounded.turn();
        assertEquals(
                List.of("is 24", "is 24", "is 24", "is 24", "FULL"),
                answers.stream().map(Answer::join).toList());
        assertEquals(96, bounded.stateBytes());
        assertEquals(Optional.empty(), states.get("e"));

        // Less is always welcome, and makes room; what was refused is nowhere.
        Answer<String> less = add(states, "a", -23);
        Answer<String> another = add(states, "e", 24);
        bounded.turn();
        assertEquals("is 1", less.join());
        assertEquals("is 24", another.join());
        assertEquals(97, bounded.stateBytes());
    }

    @Test
    void oneStateMayTakeAQuarterOfTheBound() {
        CoordinatorLoop bounded = new CoordinatorLoop(store, time, 100);
        Ledger<String, Integer, Count> states = bounded(bounded);
        Answer<String> much = add(states, "a", 26);
        bounded.turn();
        assertEquals("FULL", much.join());
        assertEquals(0, bounded.stateBytes());
    }

    @Test
    void whatFollowsFromEarlierDecisionsGrowsBeyondTheBound() {
        CoordinatorLoop bounded = new CoordinatorLoop(store, time, 4);
        Ledger<String, Integer, Count> states = bounded(bounded);
        Answer<String> one = add(states, "a", 1);
        var _ = states.ask("a", to -> new Count.AddLater(10, to), Unavailable::name);
        bounded.turn();
        assertEquals("is 1", one.join());
        time.advance(10);
        bounded.turn();
        assertEquals(Optional.of(2), states.get("a"));
        assertEquals(2, bounded.stateBytes());
    }

    @Test
    void aTurnThatFailsTakesNothing() {
        CoordinatorLoop bounded = new CoordinatorLoop(store, time, 100);
        Ledger<String, Integer, Count> states = bounded(bounded);
        store.failWrites(1);
        Answer<String> lost = add(states, "a", 20);
        bounded.turn();
        assertEquals("STORAGE_FAILED", lost.join());
        assertEquals(0, bounded.stateBytes());
        Answer<String> found = add(states, "a", 20);
        bounded.turn();
        assertEquals("is 20", found.join());
        assertEquals(20, bounded.stateBytes());
        assertEquals(20, reloaded().stateBytes(), "what is loaded counts, whatever the bound is");
    }

    private CoordinatorLoop reloaded() {
        CoordinatorLoop again = new CoordinatorLoop(store, time, 1);
        bounded(again);
        return again;
    }
}
