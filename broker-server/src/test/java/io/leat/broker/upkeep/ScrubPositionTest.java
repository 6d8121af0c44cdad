package io.leat.broker.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.LogId;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ScrubPositionTest {
    private static final LogId FIRST = new LogId("a", new UUID(0, 1), 0);
    private static final LogId SECOND = new LogId("a", new UUID(0, 1), 1);
    private static final LogId THIRD = new LogId("b", new UUID(0, 2), 0);

    @Test
    void whatWasReadInThisRoundIsBehind() {
        ScrubPosition position = ScrubPosition.NEVER.begin(5).at(SECOND, 100);
        assertTrue(position.isBehind(FIRST, 1_000));
        assertTrue(position.isBehind(SECOND, 100));
        assertFalse(position.isBehind(SECOND, 101));
        assertFalse(position.isBehind(THIRD, 0));
        assertTrue(position.running());
    }

    @Test
    void aNewRoundBeginsAtTheBeginning() {
        ScrubPosition ended = ScrubPosition.NEVER.begin(5).at(SECOND, 100).end(9);
        assertFalse(ended.running());
        assertEquals(9, ended.endedMillis());
        assertFalse(ended.begin(10).isBehind(FIRST, 0));
        assertEquals(9, ended.begin(10).endedMillis());
    }

    @Test
    void isReadAsItWasWritten() {
        ScrubPosition position = ScrubPosition.NEVER.begin(5).at(SECOND, 100);
        assertEquals(Optional.of(position), ScrubPosition.read(position.bytes()));
        assertEquals(Optional.empty(), ScrubPosition.read(new byte[3]));
    }
}
