package io.leat.broker.share;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Requests of no sense at all: none may end in an exception, none may lose a record. {@code
 * -Dleat.simulation.seeds=5000} tries more.
 */
class ShareFuzzTest {
    private static final long[] EDGES = {
        Long.MIN_VALUE,
        -1,
        0,
        1,
        9,
        10,
        11,
        99,
        100,
        Integer.MAX_VALUE,
        Long.MAX_VALUE - 1,
        Long.MAX_VALUE
    };

    @Test
    void nonsenseIsRefusedAndHarmsNobody() {
        int seeds = Integer.getInteger("leat.simulation.seeds", 300);
        for (int seed = 0; seed < seeds; seed++) {
            run(new Random(seed), seed);
        }
    }

    private static void run(Random random, int seed) {
        ShareFixture f = new ShareFixture();
        f.tell(to -> new ShareCommand.Open(0, to));
        long accepted = 0;
        for (int i = 0; i < 60; i++) {
            AcknowledgementBatches batches = new AcknowledgementBatches(random.nextBoolean());
            for (int n = random.nextInt(4); n > 0; n--) {
                batches.add(offset(random), offset(random), types(random));
            }
            Optional<List<Acknowledgement>> read = batches.read();
            if (read.isEmpty()) {
                continue;
            }
            Served served = f.serve("a", read.get(), offer(random));
            assertNotEquals(ErrorCode.UNKNOWN_SERVER_ERROR, served.acknowledged(), "" + seed);
            f.state().window().check();
            if (random.nextInt(10) == 0) {
                f.restart();
            }
        }
        // Whatever happened: what is left is delivered and can be accepted.
        f.tell(to -> new ShareCommand.Release("a", to));
        f.tell(to -> new ShareCommand.Archived(Long.MAX_VALUE, to));
        long end = Math.max(f.state().window().end(), 200);
        for (int round = 0; round < 500 && f.state().window().start() < end; round++) {
            Served served = f.take("b", end, 500);
            accepted += served.deliveries().size();
            f.acknowledgeAll("b", AcknowledgeType.ACCEPT);
            f.tell(to -> new ShareCommand.Archived(Long.MAX_VALUE, to));
        }
        assertEquals(Window.at(end), f.state().window(), "seed " + seed + ", " + accepted);
    }

    private static long offset(Random random) {
        return random.nextInt(4) == 0 ? EDGES[random.nextInt(EDGES.length)] : random.nextInt(120);
    }

    private static List<Byte> types(Random random) {
        List<Byte> types = new ArrayList<>();
        for (int n = random.nextInt(3) == 0 ? random.nextInt(12) : 1; n > 0; n--) {
            types.add((byte) (random.nextInt(8) - 1));
        }
        return types;
    }

    private static Offer offer(Random random) {
        long from = random.nextInt(100);
        long to = from + random.nextInt(50);
        List<Span> spans = new ArrayList<>();
        for (long at = from; at < to; ) {
            long first = at + random.nextInt(3);
            long last = first + random.nextInt(8);
            if (first < to) {
                spans.add(new Span(first, last));
            }
            at = last + 1;
        }
        return new Offer(
                from,
                to,
                spans,
                random.nextInt(8) == 0 ? random.nextInt(80) : 0,
                to + random.nextInt(100),
                random.nextInt(3) == 0 ? 0 : random.nextInt(60),
                random.nextBoolean());
    }
}
