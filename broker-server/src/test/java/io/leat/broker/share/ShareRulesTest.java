package io.leat.broker.share;

import static io.leat.broker.share.AcknowledgeType.ACCEPT;
import static io.leat.broker.share.AcknowledgeType.GAP;
import static io.leat.broker.share.AcknowledgeType.REJECT;
import static io.leat.broker.share.AcknowledgeType.RELEASE;
import static io.leat.broker.share.AcknowledgeType.RENEW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.share.Served.Delivery;
import io.leat.broker.share.Standing.Archiving;
import io.leat.broker.share.Standing.Available;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules one by one. */
class ShareRulesTest {
    private final ShareFixture f = new ShareFixture();

    @BeforeEach
    void open() {
        assertEquals(ErrorCode.NONE, f.tell(to -> new ShareCommand.Open(0, to)));
    }

    @Test
    void membersTakeWhatNobodyHas() {
        assertEquals(List.of(new Delivery(0, 9, 1)), f.take("a", 15, 10).deliveries());
        assertEquals(List.of(new Delivery(10, 14, 1)), f.take("b", 15, 10).deliveries());
        assertEquals(List.of(), f.take("b", 15, 10).deliveries());
    }

    @Test
    void wholeBatchesMayBeMoreThanAskedFor() {
        Offer offer =
                new Offer(
                        0,
                        30,
                        List.of(new Span(0, 9), new Span(10, 19), new Span(20, 29)),
                        0,
                        30,
                        5,
                        false);
        assertEquals(List.of(new Delivery(0, 9, 1)), f.serve("a", List.of(), offer).deliveries());
    }

    @Test
    void whatIsAcceptedLetsTheStartMove() {
        f.take("a", 10, 10);
        f.acknowledge("a", 5, 9, ACCEPT);
        assertEquals(0, f.state().window().start());
        f.acknowledge("a", 0, 3, ACCEPT);
        assertEquals(4, f.state().window().start());
        f.acknowledge("a", 4, 4, GAP);
        assertEquals(Window.at(10), f.state().window());
    }

    @Test
    void onlyTheHolderAcknowledges() {
        f.take("a", 10, 10);
        assertEquals(
                ErrorCode.INVALID_RECORD_STATE, f.acknowledge("b", 0, 0, ACCEPT).acknowledged());
        assertEquals(
                ErrorCode.INVALID_RECORD_STATE, f.acknowledge("a", 5, 10, ACCEPT).acknowledged());
        assertEquals(10, f.state().window().unsettled(), "all of it, or none");
        assertEquals(ErrorCode.NONE, f.acknowledge("a", 0, 9, ACCEPT).acknowledged());
        assertEquals(
                ErrorCode.INVALID_RECORD_STATE, f.acknowledge("a", 0, 9, ACCEPT).acknowledged());
    }

    @Test
    void locksEndAndAreRenewed() {
        f.take("a", 10, 10);
        f.pass(6_000);
        assertEquals(ErrorCode.NONE, f.acknowledge("a", 0, 4, RENEW).acknowledged());
        f.pass(4_000);
        assertEquals(
                List.of(new Delivery(5, 9, 2)),
                f.take("b", 10, 10).deliveries(),
                "those that were not renewed");
        f.pass(6_000);
        assertEquals(
                ErrorCode.INVALID_RECORD_STATE, f.acknowledge("a", 0, 4, ACCEPT).acknowledged());
        assertEquals(List.of(new Delivery(0, 4, 2)), f.take("b", 10, 10).deliveries());
    }

    @Test
    void renewalMayBeForbidden() {
        ShareSettings s = f.settings;
        f.settings =
                new ShareSettings(
                        s.lockMillis(), 5, 200, false, s.isolation(), s.reset(), s.deadLetters());
        f.take("a", 10, 10);
        assertEquals(
                ErrorCode.INVALID_RECORD_STATE, f.acknowledge("a", 0, 4, RENEW).acknowledged());
    }

    @Test
    void whatIsGivenUpTooOftenComesAloneAndThenDies() {
        for (int count = 1; count <= 3; count++) {
            f.take("a", 8, 8);
            assertEquals(count, deliveries(f.take("b", 8, 8)).orElse(count));
            f.acknowledgeAll("a", RELEASE);
        }
        Served suspects = f.take("a", 8, 8);
        assertEquals(List.of(new Delivery(0, 3, 4)), suspects.deliveries(), "half as many");
        f.acknowledgeAll("a", RELEASE);
        assertEquals(List.of(new Delivery(0, 0, 5)), f.take("a", 8, 8).deliveries(), "alone");
        f.acknowledgeAll("a", RELEASE);
        assertEquals(
                new Archiving(5, DeathCause.LIMIT_REACHED, 0),
                f.state().window().runs().getFirst().standing());
        assertEquals(List.of(new Delivery(1, 1, 5)), f.take("a", 8, 8).deliveries());
    }

    private static Optional<Integer> deliveries(Served served) {
        return served.deliveries().stream().map(Delivery::count).findFirst();
    }

    @Test
    void withoutADeadLetterTopicRejectedRecordsAreArchived() {
        f.settings = ShareFixture.settings(false);
        f.take("a", 10, 10);
        f.acknowledge("a", 0, 9, REJECT);
        assertEquals(Window.at(10), f.state().window());
    }

    @Test
    void deadLettersAreDoneWithWhenTheyAreOnDisk() {
        f.take("a", 10, 10);
        f.acknowledge("a", 4, 5, REJECT);
        f.acknowledge("a", 0, 1, REJECT);
        assertEquals(
                new Archiving(1, DeathCause.REJECTED, 2),
                f.state().window().runs().getFirst().standing());
        f.restart();
        f.tell(to -> new ShareCommand.Archived(3, to));
        assertEquals(1, f.state().window().start());
        assertTrue(f.state().archiving());
        f.restart();
        f.tell(to -> new ShareCommand.Archived(4, to));
        assertEquals(2, f.state().window().start());
    }

    @Test
    void theWindowIsBounded() {
        assertEquals(200, f.take("a", 1_000, 500).deliveries().getFirst().last() + 1);
        assertTrue(f.state().nextOffset(f.settings).isEmpty());
        f.acknowledge("a", 100, 149, ACCEPT);
        assertEquals(List.of(new Delivery(200, 249, 1)), f.take("b", 1_000, 500).deliveries());
    }

    @Test
    void holesAreNotDelivered() {
        Offer offer = new Offer(0, 30, List.of(new Span(3, 5), new Span(9, 9)), 0, 30, 500, false);
        assertEquals(
                List.of(new Delivery(3, 5, 1), new Delivery(9, 9, 1)),
                f.serve("a", List.of(), offer).deliveries());
        assertEquals(3, f.state().window().start());
        assertEquals(30, f.state().window().end());
        f.acknowledge("a", 3, 5, ACCEPT);
        f.acknowledge("a", 9, 9, ACCEPT);
        assertEquals(Window.at(30), f.state().window());
    }

    @Test
    void whatTheLogHasLostIsNotDelivered() {
        f.take("a", 20, 10);
        f.tell(to -> new ShareCommand.Release("a", to));
        f.serve("a", List.of(), new Offer(0, 0, List.of(), 15, 20, 0, true));
        assertEquals(Window.at(15), f.state().window());
        f.take("a", 20, 10);
        f.serve("b", List.of(), new Offer(20, 20, List.of(), 0, 17, 0, true));
        assertEquals(17, f.state().window().end(), "what the log never had");
    }

    @Test
    void aRestartReleasesAndCounts() {
        f.take("a", 10, 10);
        f.acknowledge("a", 0, 4, ACCEPT);
        f.restart();
        assertEquals(
                ErrorCode.INVALID_RECORD_STATE, f.acknowledge("a", 5, 9, ACCEPT).acknowledged());
        assertEquals(new Available(1), f.state().window().runs().getFirst().standing());
        assertEquals(List.of(new Delivery(5, 9, 2)), f.take("a", 10, 10).deliveries());
    }

    @Test
    void removalLeavesNothingBehind() {
        for (int i = 0; i < 40; i++) {
            f.take("a", 200, 5);
            f.acknowledge("a", i * 5L + 2, i * 5L + 2, ACCEPT);
        }
        f.tell(to -> new ShareCommand.Remove(to));
        assertEquals(0, f.store.size());
        f.tell(to -> new ShareCommand.Reset(7, to));
        f.restart();
        assertEquals(Window.at(7), f.state().window());
    }

    @Test
    void whatChangesNothingOnDiskWritesNothing() {
        f.take("a", 10, 10);
        int writes = f.store.writeCount();
        f.acknowledge("a", 0, 9, RENEW);
        f.acknowledge("a", 0, 4, RELEASE);
        f.pass(20_000);
        assertEquals(writes, f.store.writeCount());
    }
}
