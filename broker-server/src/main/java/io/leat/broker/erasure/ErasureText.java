package io.leat.broker.erasure;

import io.leat.compaction.erasure.KeyHash;
import java.util.stream.Collectors;

/** What the broker's log says of erasures. Never a key. */
final class ErasureText {
    private static final int HASHES_MAX = 3;

    private ErasureText() {}

    /** The keys, the first few by what their hashes begin with. */
    static String keys(Erasure erasure) {
        int count = erasure.keys().size();
        String hashes =
                erasure.keys().stream()
                        .limit(HASHES_MAX)
                        .map(KeyHash::toString)
                        .collect(Collectors.joining(", "));
        return "%d %s (SHA-256 %s%s)"
                .formatted(
                        count,
                        count == 1 ? "key" : "keys",
                        hashes,
                        count > HASHES_MAX ? ", ..." : "");
    }

    /** How it ended. */
    static String end(Erasure erasure) {
        ErasureTotals totals = erasure.totals();
        String counts =
                "%d records removed from %d segments, %d bytes freed"
                        .formatted(
                                totals.recordsRemoved(),
                                totals.segmentsRewritten(),
                                totals.bytesFreed());
        String how =
                switch (erasure.state()) {
                    case RUNNING -> "runs: " + counts;
                    case DONE ->
                            "done: %s; %d records of %d partitions were read again, and none has %s"
                                    .formatted(
                                            counts,
                                            totals.recordsVerified(),
                                            totals.partitionsDone(),
                                            erasure.keys().size() == 1 ? "the key" : "one of them");
                    case FAILED ->
                            "failed, records may be left: %s; %s"
                                    .formatted(erasure.problem().orElse(""), counts);
                    case TOPIC_DELETED -> "ended by the deletion of the topic: " + counts;
                };
        return "Erasure %s of %s from topic %s requested by %s %s"
                .formatted(
                        erasure.id(), keys(erasure), erasure.topic(), erasure.requestedBy(), how);
    }
}
