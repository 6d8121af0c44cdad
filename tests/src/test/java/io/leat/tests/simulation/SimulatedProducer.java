package io.leat.tests.simulation;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What a producer of one log remembers. */
final class SimulatedProducer {
    enum Kind {
        PLAIN,
        IDEMPOTENT,
        TRANSACTIONAL
    }

    final Kind kind;
    final long id;
    short epoch;
    int nextSequence;
    @Nullable Transaction transaction;

    /** Batches that it does not know to be durable, in the order in which they were sent. */
    final ArrayDeque<Sent> unsettled = new ArrayDeque<>();

    SimulatedProducer(Kind kind, long id) {
        this.kind = kind;
        this.id = id;
    }

    /** Whether some batch has to be sent again before any other can be. */
    boolean stuck() {
        return kind != Kind.PLAIN && unsettled.stream().anyMatch(Sent::refused);
    }

    @Override
    public String toString() {
        return kind.name().charAt(0) + Long.toString(id);
    }
}
