package io.leat.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.leat.tests.faults.Witness.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The proof is as good as its witness: each kind of flaw is found, and counted as what it is. */
class WitnessTest {
    private static final int PARTITION = 0;

    private final Witness witness = new Witness(1, 2);
    private final List<Found> log = new ArrayList<>();

    @BeforeEach
    void twoProducersSendTenRecordsThatAreAcknowledgedAndSeen() {
        for (int offset = 0; offset < 10; offset++) {
            append(new Witness.Id(offset % 2, offset / 2));
            witness.acknowledged(PARTITION, log.getLast().id(), offset);
            witness.saw(log.getLast());
        }
        witness.committed("group", PARTITION, 7);
    }

    @Test
    void findsNothingWhereAllIsThere() {
        verdict(7).requireFlawless("all is there");
        append(new Witness.Id(0, 5));
        verdict(11).requireFlawless("more than what was acknowledged may be there");
    }

    @Test
    void findsAcknowledgedRecordsThatAreLostAndSeenOnesThatAreGone() {
        log.removeLast();
        witness.acknowledged(PARTITION, new Witness.Id(1, 5), 11);
        Verdict verdict = verdict(7);
        assertEquals(2, verdict.lost());
        assertEquals(1, verdict.gone());
        assertThrows(AssertionError.class, () -> verdict.requireFlawless("lost"));
    }

    @Test
    void findsARecordThatIsThereTwice() {
        append(new Witness.Id(0, 4));
        assertEquals(1, verdict(7).repeated());
    }

    @Test
    void findsAGapInTheNumbersOfAProducer() {
        append(new Witness.Id(0, 6));
        assertEquals(1, verdict(7).contradictions());
        witness.gaveUp(PARTITION, new Witness.Id(0, 5));
        verdict(7).requireFlawless("its producer was told that 5 failed");
    }

    @Test
    void findsASeenRecordInWhosePlaceIsAnother() {
        witness.saw(new Found(PARTITION, 10, new Witness.Id(0, 5)));
        append(new Witness.Id(1, 5));
        Verdict verdict = verdict(7);
        assertEquals(1, verdict.gone());
        assertEquals(0, verdict.lost());
    }

    @Test
    void findsAnAcknowledgementOfAnotherOffset() {
        append(new Witness.Id(0, 5));
        witness.acknowledged(PARTITION, new Witness.Id(0, 5), 11);
        assertEquals(1, verdict(7).contradictions());
    }

    @Test
    void findsCommitsThatAreLostOrAheadOfTheLog() {
        assertEquals(1, verdict(6).commitsLost());
        assertEquals(1, verdict(11).contradictions());
    }

    @Test
    void findsTwoConsumersThatSawDifferentRecordsAtOnePlace() {
        witness.saw(new Found(PARTITION, 3, new Witness.Id(1, 2)));
        assertEquals(1, verdict(7).contradictions());
    }

    private void append(Witness.Id id) {
        log.add(new Found(PARTITION, log.size(), id));
    }

    private Verdict verdict(long committed) {
        return witness.compare(
                Map.of(PARTITION, log), Map.of("group", Map.of(PARTITION, committed)));
    }
}
