package io.leat.broker.api.fetch;

import io.leat.wire.ErrorCode;
import java.util.List;

/** What a fetch is to read and how its results are told. */
sealed interface FetchPlan {
    /** The partitions to read, in order. */
    List<FetchTarget> targets();

    /** A fetch that stands alone: all results are told. */
    record Single(List<FetchTarget> targets) implements FetchPlan {}

    /** A fetch that begins a session: all results are told. */
    record Opening(List<FetchTarget> targets, boolean namesTopicsById) implements FetchPlan {}

    /** A fetch within a session: what changed is told. */
    record Incremental(List<FetchTarget> targets, FetchSession session) implements FetchPlan {}

    /** The session is not what the client believes. */
    record Refused(ErrorCode error) implements FetchPlan {
        @Override
        public List<FetchTarget> targets() {
            return List.of();
        }
    }
}
