package io.leat.broker.api;

import java.util.List;

/**
 * A feature with levels that clients look for (KIP-584). Levels are those of the release; none can
 * be changed.
 *
 * @param level the level that holds, and the highest
 */
public record Feature(String name, short level) {
    /** Every feature that clients are told of. */
    public static final List<Feature> ALL =
            List.of(
                    new Feature("group.version", (short) 1),
                    new Feature("share.version", (short) 2),
                    new Feature("streams.version", (short) 1),
                    new Feature("transaction.version", (short) 2));
}
