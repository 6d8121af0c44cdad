package io.leat.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

/**
 * How a log differs from what clients were told and shown.
 *
 * @param acknowledged records that were acknowledged
 * @param seen records that consumers saw
 * @param lost acknowledged records that are gone
 * @param gone records that were seen at an offset and are not there any more
 * @param repeated records that are there twice, or out of their producer's order
 * @param commitsLost acknowledged commits of group offsets that are gone
 * @param contradictions whatever else does not fit
 * @param examples some of all these, for people
 */
record Verdict(
        long acknowledged,
        long seen,
        long lost,
        long gone,
        long repeated,
        long commitsLost,
        long contradictions,
        List<String> examples) {
    static final int EXAMPLES_MAX = 20;

    void requireFlawless(String when) {
        String flaws =
                "lost %d, seen and gone %d, repeated %d, commits lost %d, contradictions %d"
                        .formatted(lost, gone, repeated, commitsLost, contradictions);
        assertEquals(
                "lost 0, seen and gone 0, repeated 0, commits lost 0, contradictions 0",
                flaws,
                () -> when + "\n  " + String.join("\n  ", examples));
    }

    /** This, and something else that does not fit. */
    Verdict withContradiction(String example) {
        List<String> more = new ArrayList<>(examples);
        more.add(example);
        return new Verdict(
                acknowledged,
                seen,
                lost,
                gone,
                repeated,
                commitsLost,
                contradictions + 1,
                List.copyOf(more));
    }

    /** Counts. */
    static final class Builder {
        private long lost;
        private long gone;
        private long repeated;
        private long commitsLost;
        private long contradictions;
        private final List<String> examples = new ArrayList<>();

        void lost(String example) {
            lost++;
            keep(example);
        }

        void gone(String example) {
            gone++;
            keep(example);
        }

        void repeated(String example) {
            repeated++;
            keep(example);
        }

        void commitLost(String example) {
            commitsLost++;
            keep(example);
        }

        void contradiction(String example) {
            contradictions++;
            keep(example);
        }

        Verdict build(long acknowledged, long seen) {
            return new Verdict(
                    acknowledged,
                    seen,
                    lost,
                    gone,
                    repeated,
                    commitsLost,
                    contradictions,
                    List.copyOf(examples));
        }

        private void keep(String example) {
            if (examples.size() < EXAMPLES_MAX) {
                examples.add(example);
            }
        }
    }
}
