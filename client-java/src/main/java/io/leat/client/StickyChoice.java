package io.leat.client;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where the records of a topic go that have no key: to one partition until a batch's worth of bytes
 * went there, then to another by chance, so that batches are full and partitions get the same share
 * of bytes (KIP-794). Any thread.
 */
final class StickyChoice {
    private final int bytesPerTurn;
    private int partition = -1;
    private long bytesLeft;

    StickyChoice(int bytesPerTurn) {
        this.bytesPerTurn = bytesPerTurn;
    }

    /**
     * The partition for a record.
     *
     * @param leaders the leader of each partition of the topic; those without are avoided as long
     *     as another has one
     */
    synchronized int next(List<Integer> leaders, long recordBytes) {
        if (partition < 0 || partition >= leaders.size() || bytesLeft <= 0) {
            partition = choose(leaders);
            bytesLeft = bytesPerTurn;
        }
        bytesLeft -= recordBytes;
        return partition;
    }

    private int choose(List<Integer> leaders) {
        int count = leaders.size();
        int start = ThreadLocalRandom.current().nextInt(count);
        // Not the same again where there is another.
        int first = count > 1 && start == partition ? (start + 1) % count : start;
        for (int i = 0; i < count; i++) {
            int candidate = (first + i) % count;
            if (leaders.get(candidate) != ClusterView.NO_LEADER) {
                return candidate;
            }
        }
        return first;
    }
}
