package io.leat.broker.group.classic;

import java.util.Optional;
import java.util.Set;

/**
 * Where a group stands. The fifth of Kafka's states, Dead, is a group that is not there.
 *
 * <pre>
 *                        join                     all joined, or time is up
 *   Empty ──────────────────────► PreparingRebalance ──────────────► CompletingRebalance
 *     ▲                             │   ▲      ▲                        │        │
 *     └── no member is left ────────┘   │      └── a member comes, ─────┘        │ the leader syncs
 *                                       │          changes or goes              ▼
 *                                       └────── the same ─────────────────── Stable
 * </pre>
 */
public sealed interface Phase {
    /** No members; perhaps offsets. */
    record Empty() implements Phase {}

    /**
     * Members are asked to join the next generation.
     *
     * @param initial while an empty group waits for more members to come
     */
    record PreparingRebalance(Optional<InitialDelay> initial) implements Phase {}

    /**
     * Members know their generation and wait for their assignments.
     *
     * @param unsynced members that have not asked for theirs yet
     */
    record CompletingRebalance(Set<String> unsynced) implements Phase {}

    /**
     * Members own partitions.
     *
     * @param unsynced members that have not asked for their assignment yet
     */
    record Stable(Set<String> unsynced) implements Phase {}

    /**
     * The wait before a group's first generation.
     *
     * @param remainingMillis how much longer it may last when members keep coming
     * @param memberAdded whether one came since it was last prolonged
     */
    record InitialDelay(long remainingMillis, boolean memberAdded) {}

    /** The name in ListGroups and DescribeGroups. */
    default String displayName() {
        return switch (this) {
            case Empty e -> "Empty";
            case PreparingRebalance p -> "PreparingRebalance";
            case CompletingRebalance c -> "CompletingRebalance";
            case Stable s -> "Stable";
        };
    }
}
