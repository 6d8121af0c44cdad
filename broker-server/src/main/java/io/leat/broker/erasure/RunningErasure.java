package io.leat.broker.erasure;

import io.leat.compaction.erasure.LogProgress;
import io.leat.compaction.erasure.LogProgress.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** How far an erasure that runs is, in memory. Any thread. */
final class RunningErasure {
    private final Erasure accepted;
    private final long workBytes;
    private final LongAdder bytesRead = new LongAdder();
    private volatile boolean cancelled;

    // Guarded by this.
    private final Map<Integer, LogProgress> logs;
    private final Map<Integer, String> problems = new TreeMap<>();
    private final Map<Integer, String> givenUp = new TreeMap<>();

    /**
     * @param logs by partition, how far it is in each
     * @param workBytes how many bytes are to be read, about
     */
    RunningErasure(Erasure accepted, Map<Integer, LogProgress> logs, long workBytes) {
        this.accepted = accepted;
        this.logs = new TreeMap<>(logs);
        this.workBytes = workBytes;
    }

    /** As it was accepted. */
    Erasure accepted() {
        return accepted;
    }

    /** The partitions that are not done. */
    synchronized List<Integer> unfinished() {
        List<Integer> unfinished = new ArrayList<>();
        logs.forEach((partition, log) -> {
            if (log.stage() != Stage.DONE) {
                unfinished.add(partition);
            }
        });
        return unfinished;
    }

    synchronized Optional<LogProgress> log(int partition) {
        return Optional.ofNullable(logs.get(partition));
    }

    synchronized void log(int partition, LogProgress progress) {
        logs.put(partition, progress);
    }

    /** Something keeps a partition from going on, or nothing does any more. */
    synchronized void problem(int partition, Optional<String> problem) {
        if (problem.isPresent()) {
            problems.put(partition, problem.get());
        } else {
            problems.remove(partition);
        }
    }

    /** A partition is not tried again. */
    synchronized void giveUp(int partition, String why) {
        problems.remove(partition);
        givenUp.put(partition, why);
    }

    /** Whether nothing is left to do, be it done or given up. */
    synchronized boolean settled() {
        return unfinished().stream().allMatch(givenUp::containsKey);
    }

    private Optional<String> failure() {
        return givenUp.values().stream().findFirst();
    }

    /** How it stands. */
    synchronized Erasure now() {
        Optional<String> obstacle = failure().or(() -> problems.values().stream().findFirst());
        return accepted.at(totals(), obstacle);
    }

    /** How it ended, once it is over. */
    synchronized Erasure end(long nowMillis) {
        if (cancelled) {
            return accepted.ended(
                    Erasure.State.TOPIC_DELETED, Optional.empty(), nowMillis, totals());
        }
        Optional<String> failure = failure();
        Erasure.State state = failure.isPresent() ? Erasure.State.FAILED : Erasure.State.DONE;
        return accepted.ended(state, failure, nowMillis, totals());
    }

    private ErasureTotals totals() {
        ErasureTotals totals = ErasureTotals.NOTHING;
        for (LogProgress log : logs.values()) {
            totals = totals.plus(log);
        }
        return totals;
    }

    void read(long bytes) {
        bytesRead.add(bytes);
    }

    long workBytes() {
        return workBytes;
    }

    long workBytesDone() {
        return Math.min(bytesRead.sum(), workBytes);
    }

    /** Its topic is gone. */
    void cancel() {
        cancelled = true;
    }

    boolean cancelled() {
        return cancelled;
    }
}
