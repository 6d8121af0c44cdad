package io.leat.cli.command;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody meant who mistyped a name. */
final class Likeness {
    private Likeness() {}

    /** The name that takes the fewest corrections, if those are few for its length. */
    static Optional<String> nearest(String typed, Collection<String> names) {
        Optional<String> nearest = Optional.empty();
        int least = 1 + Math.max(1, typed.length() / 3);
        for (String name : names) {
            int corrections = corrections(lower(typed), lower(name));
            if (corrections < least) {
                least = corrections;
                nearest = Optional.of(name);
            }
        }
        return nearest;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /**
     * How many letters have to be added, removed, changed or swapped with their neighbour: optimal
     * string alignment, row by row.
     */
    static int corrections(String from, String to) {
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                int changed = last[j - 1] + (same ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(last[j], row[j - 1]));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[to.length()];
    }
}
