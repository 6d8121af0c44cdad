package io.leat.ops;

import java.util.List;

/** Tells whether the broker can serve clients. Called by any thread, at each request for it. */
@FunctionalInterface
public interface Readiness {
    /** Why not, one line for people each; empty when it can. */
    List<String> obstacles();

    /** What is damaged or lost while all else is served, one line for people each. */
    default List<String> warnings() {
        return List.of();
    }
}
