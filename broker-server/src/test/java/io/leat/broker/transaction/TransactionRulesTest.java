package io.leat.broker.transaction;

import static io.leat.broker.transaction.TransactionFixture.ID;
import static io.leat.broker.transaction.TransactionFixture.PLACE;
import static io.leat.broker.transaction.TransactionFixture.TIMEOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.coordinator.Answer;
import io.leat.broker.group.GroupInTransaction;
import io.leat.broker.transaction.EndOutcome.Done;
import io.leat.broker.transaction.InitOutcome.Ready;
import io.leat.broker.transaction.TransactionCommand.Identity;
import io.leat.broker.transaction.TransactionFixture.Told;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionRulesTest {
    private static final short LAST = TransactionalProducer.EPOCH_MAX;

    private final TransactionFixture f = new TransactionFixture();

    private static void assertRefused(ErrorCode error, EndOutcome outcome) {
        assertEquals(new EndOutcome.Refused(error), outcome);
    }

    private static void assertRefused(ErrorCode error, InitOutcome outcome) {
        assertEquals(new InitOutcome.Refused(error), outcome);
    }

    @Test
    void aNewIdNeedsAProducerId() {
        assertInstanceOf(
                InitOutcome.NeedsProducerId.class,
                f.init(Optional.empty(), OptionalLong.empty()).join());
        assertEquals(
                new Ready(42, (short) 0), f.init(Optional.empty(), OptionalLong.of(42)).join());
    }

    @Test
    void eachInstanceGetsTheNextEpoch() {
        Identity first = f.init();
        Identity second = f.init();
        assertEquals(first.producerId(), second.producerId());
        assertEquals(first.epoch() + 1, second.epoch());
        assertEquals(ErrorCode.PRODUCER_FENCED, f.add(first));
        assertEquals(ErrorCode.NONE, f.add(second));
    }

    @Test
    void aProducerThatSaysWhoItIsGoesOn() {
        Identity first = f.init();
        Ready next = (Ready) f.init(Optional.of(first), OptionalLong.empty()).join();
        assertEquals(first.epoch() + 1, next.epoch());
        // It missed the answer, and asks as before.
        assertEquals(next, f.init(Optional.of(first), OptionalLong.empty()).join());
        f.init();
        assertRefused(
                ErrorCode.PRODUCER_FENCED, f.init(Optional.of(first), OptionalLong.empty()).join());
    }

    @Test
    void usedUpEpochsLeadToANewProducerId() {
        f.producerWith(7, LAST, new Phase.Empty());
        Identity self = new Identity(7, LAST);
        assertInstanceOf(
                InitOutcome.NeedsProducerId.class,
                f.init(Optional.of(self), OptionalLong.empty()).join());
        Ready next = (Ready) f.init(Optional.of(self), OptionalLong.of(8)).join();
        assertEquals(new Ready(8, (short) 0), next);
        assertEquals(next, f.init(Optional.of(self), OptionalLong.of(9)).join(), "asked again");
        f.crash();
        assertEquals(next, f.init(Optional.of(self), OptionalLong.of(9)).join(), "after a crash");
    }

    @Test
    void anEndInVersion2LeadsToANewProducerIdWhenEpochsAreUsedUp() {
        f.producerWith(7, LAST, new Phase.Empty());
        Identity self = new Identity(7, LAST);
        assertEquals(ErrorCode.NONE, f.add(self));
        Answer<EndOutcome> asked = f.ending(self, true, true, -1);
        f.settle();
        assertInstanceOf(EndOutcome.NeedsProducerId.class, asked.join());
        Answer<EndOutcome> ended = f.ending(self, true, true, 8);
        f.settle();
        assertEquals(new Done(8, (short) 0), ended.join());
        assertEquals(
                List.of(new Told("topic-3", 7, Short.MAX_VALUE, true)),
                f.told,
                "markers have the old id, and the epoch that nobody was given");
        assertEquals(new Done(8, (short) 0), f.end(self, true, true), "asked again");
    }

    @Test
    void partitionsAreAddedForTheRightProducerOnly() {
        Identity self = f.init();
        assertEquals(
                ErrorCode.INVALID_PRODUCER_ID_MAPPING,
                f.add(new Identity(self.producerId() + 1, self.epoch())));
        assertEquals(
                ErrorCode.PRODUCER_FENCED,
                f.add(new Identity(self.producerId(), (short) (self.epoch() + 1))));
        Answer<ErrorCode> unknown =
                new Answer<>(f.transactions.add("another", self, Participants.group("group")));
        f.settle();
        assertEquals(ErrorCode.INVALID_PRODUCER_ID_MAPPING, unknown.join());
    }

    @Test
    void whatIsThereIsNotWrittenAgain() {
        Identity self = f.init();
        f.add(self);
        int writes = f.store.writeCount();
        assertEquals(ErrorCode.NONE, f.add(self));
        assertEquals(writes, f.store.writeCount());
    }

    @Test
    void anEndIsAnsweredWhenEveryoneKnows() {
        Identity self = f.init();
        f.add(self);
        f.addGroup(self);
        f.witness = new CompletableFuture<>();
        Answer<EndOutcome> ended = f.ending(self, true, false, -1);
        f.settle();
        assertEquals(
                Set.of(
                        new Told("topic-3", self.producerId(), self.epoch(), true),
                        new Told("group", self.producerId(), -1, true)),
                Set.copyOf(f.told));
        assertFalse(ended.isDone());
        assertEquals("PrepareCommit", f.producer().phase().displayName());
        assertRefused(ErrorCode.CONCURRENT_TRANSACTIONS, f.end(self, true, false));
        assertRefused(ErrorCode.INVALID_TXN_STATE, f.end(self, false, false));
        assertEquals(ErrorCode.CONCURRENT_TRANSACTIONS, f.add(self));
        assertRefused(
                ErrorCode.CONCURRENT_TRANSACTIONS,
                f.init(Optional.empty(), OptionalLong.empty()).join());
        f.witness.complete(ErrorCode.NONE);
        f.settle();
        assertEquals(new Done(self.producerId(), self.epoch()), ended.join());
        assertEquals("CompleteCommit", f.producer().phase().displayName());
    }

    @Test
    void whoCouldNotBeToldIsToldAgain() {
        Identity self = f.init();
        f.add(self);
        f.witness = CompletableFuture.completedFuture(ErrorCode.KAFKA_STORAGE_ERROR);
        Answer<EndOutcome> ended = f.ending(self, false, true, -1);
        f.settle();
        f.advance(1000);
        f.advance(1000);
        assertFalse(ended.isDone());
        assertTrue(f.told.size() >= 3, () -> "told " + f.told);
        f.witness = CompletableFuture.completedFuture(ErrorCode.NONE);
        f.advance(1000);
        assertInstanceOf(Done.class, ended.join());
    }

    @Test
    void anEndThatACrashInterruptedIsFinished() {
        Identity self = f.init();
        f.add(self);
        f.addGroup(self);
        f.witness = new CompletableFuture<>();
        f.ending(self, true, true, -1);
        f.settle();
        f.witness = CompletableFuture.completedFuture(ErrorCode.NONE);
        f.crash();
        f.settle();
        assertEquals(2, f.told.size());
        assertEquals("CompleteCommit", f.producer().phase().displayName());
        // The client asks again, and is told as if nothing had been.
        assertEquals(
                new Done(self.producerId(), (short) (self.epoch() + 1)), f.end(self, true, true));
        assertRefused(ErrorCode.INVALID_TXN_STATE, f.end(self, false, true));
    }

    @Test
    void aFailedWriteChangesNothing() {
        Identity self = f.init();
        f.add(self);
        f.store.failWrites(1);
        assertRefused(ErrorCode.COORDINATOR_NOT_AVAILABLE, f.end(self, true, true));
        assertEquals(List.of(), f.told);
        assertInstanceOf(Done.class, f.end(self, true, true));
    }

    @Test
    void whatTheRulesCouldNotWriteDownIsSaidAgain() {
        Identity self = f.init();
        f.add(self);
        f.witness = new CompletableFuture<>();
        Answer<EndOutcome> ended = f.ending(self, true, true, -1);
        f.settle();
        f.store.failWrites(1);
        f.witness.complete(ErrorCode.NONE);
        f.settle();
        assertFalse(ended.isDone());
        List.copyOf(f.later).forEach(Runnable::run);
        f.settle();
        assertInstanceOf(Done.class, ended.join());
    }

    @Test
    void version1AnswersARepeatedEndAlike() {
        Identity self = f.init();
        assertRefused(ErrorCode.INVALID_TXN_STATE, f.end(self, true, false));
        f.add(self);
        Done done = new Done(self.producerId(), self.epoch());
        assertEquals(done, f.end(self, true, false));
        assertEquals(done, f.end(self, true, false));
        assertRefused(ErrorCode.INVALID_TXN_STATE, f.end(self, false, false));
        assertRefused(
                ErrorCode.PRODUCER_FENCED,
                f.end(new Identity(self.producerId(), (short) (self.epoch() + 1)), true, false));
    }

    @Test
    void version2AbortsWhatNeverBegan() {
        Identity self = f.init();
        assertRefused(ErrorCode.INVALID_TXN_STATE, f.end(self, true, true));
        Done done = (Done) f.end(self, false, true);
        assertEquals(self.epoch() + 1, done.epoch());
        assertEquals(List.of(), f.told);
        Identity next = new Identity(done.producerId(), done.epoch());
        assertEquals(done, f.end(self, false, true), "asked again");
        assertEquals(done.epoch() + 1, ((Done) f.end(next, false, true)).epoch());
    }

    @Test
    void aNewInstanceAbortsWhatIsOpen() {
        Identity old = f.init();
        f.add(old);
        assertRefused(
                ErrorCode.CONCURRENT_TRANSACTIONS,
                f.init(Optional.empty(), OptionalLong.empty()).join());
        assertEquals(
                List.of(new Told("topic-3", old.producerId(), old.epoch() + 1, false)), f.told);
        Identity heir = f.init();
        assertEquals(old.epoch() + 2, heir.epoch());
        assertRefused(ErrorCode.PRODUCER_FENCED, f.end(old, true, true));
        assertRefused(ErrorCode.PRODUCER_FENCED, f.end(old, true, false));
        assertRefused(
                ErrorCode.PRODUCER_FENCED, f.init(Optional.of(old), OptionalLong.empty()).join());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTransactionThatTakesTooLongIsAborted(boolean newest) {
        Identity self = f.init();
        f.add(self);
        f.advance(TIMEOUT - 1);
        assertEquals(List.of(), f.told);
        f.advance(1);
        assertEquals(
                List.of(new Told("topic-3", self.producerId(), self.epoch() + 1, false)), f.told);
        assertEquals("CompleteAbort", f.producer().phase().displayName());
        assertRefused(ErrorCode.PRODUCER_FENCED, f.end(self, true, newest));
        assertRefused(ErrorCode.PRODUCER_FENCED, f.end(self, false, newest));
        assertEquals(ErrorCode.PRODUCER_FENCED, f.add(self));
    }

    @Test
    void aCrashDoesNotGiveATransactionMoreTime() {
        Identity self = f.init();
        f.add(self);
        f.advance(TIMEOUT - 1000);
        f.crash();
        f.settle();
        assertEquals("Ongoing", f.producer().phase().displayName());
        f.advance(1000);
        assertEquals("CompleteAbort", f.producer().phase().displayName());
        Identity heir = f.init();
        f.add(heir);
        f.time.advance(10L * TIMEOUT);
        f.crash();
        f.settle();
        assertEquals("CompleteAbort", f.producer().phase().displayName());
    }

    @Test
    void idsThatAreNotUsedAreForgotten() {
        f.init();
        f.advance(TransactionConfig.DEFAULT.expirationMillis() - 1);
        f.crash();
        f.settle();
        assertTrue(f.transactions.find(ID).isPresent());
        f.advance(1);
        assertTrue(f.transactions.find(ID).isEmpty());
        f.crash();
        assertTrue(f.transactions.find(ID).isEmpty());
    }

    @Test
    void whatWasLetInWithTheEndIsThereBeforeTheEnd() {
        Identity self = f.init();
        f.add(self);
        f.addGroup(self);
        // Both in one turn: a late offset, and the end.
        Answer<ErrorCode> late =
                new Answer<>(
                        f.transactions.within(
                                new GroupInTransaction.Asker(ID, self.producerId(), self.epoch()),
                                "group",
                                false,
                                () -> {
                                    f.told.add(new Told("late offset", self.producerId(), 0, true));
                                    return CompletableFuture.completedFuture(ErrorCode.NONE);
                                }));
        f.ending(self, true, true, -1);
        f.settle();
        assertEquals(ErrorCode.NONE, late.join());
        assertEquals("late offset", f.told.getFirst().whom());
    }

    @Test
    void statesAreReadBackAsTheyWere() {
        Participants both = new Participants(Set.of(PLACE), Set.of("a", "b"));
        for (Phase phase :
                List.of(
                        new Phase.Empty(),
                        new Phase.Ongoing(f.time.wallMillis(), both),
                        new Phase.Ended(true),
                        new Phase.Ended(false))) {
            f.producerWith(5, (short) 3, phase);
            assertEquals(phase, f.producer().phase());
            assertEquals(5, f.producer().id());
            assertEquals(3, f.producer().epoch());
        }
    }
}
