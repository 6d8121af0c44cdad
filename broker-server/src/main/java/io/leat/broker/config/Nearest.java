package io.leat.broker.config;

import java.util.Collection;
import java.util.Optional;

/** Finds what somebody may have meant. */
public final class Nearest {
    private Nearest() {}

    /** The word that is nearest to {@code given}, if one is near: a third of it may differ. */
    public static Optional<String> to(String given, Collection<String> words) {
        String best = null;
        int bestDistance = Math.max(1, given.length() / 3) + 1;
        for (String word : words) {
            int distance = distance(given, word);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = word;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Levenshtein's distance: insertions, deletions and substitutions from one to the other. */
    static int distance(String from, String to) {
        int[] above = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            above[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] current = new int[to.length() + 1];
            current[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int substitution = from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1;
                current[column] =
                        Math.min(
                                above[column - 1] + substitution,
                                1 + Math.min(above[column], current[column - 1]));
            }
            above = current;
        }
        return above[to.length()];
    }
}
