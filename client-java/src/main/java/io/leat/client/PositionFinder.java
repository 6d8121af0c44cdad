package io.leat.client;

import io.leat.client.AssignedPartition.Need;
import io.leat.client.network.Outcome;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds where to start in partitions without a position: at the group's commit, or where the
 * options say. On the loop.
 */
final class PositionFinder {
    private final Cluster cluster;
    private final ConsumerOptions options;
    private final Assignment assignment;
    private final Optional<GroupOffsets> group;
    private final PartitionOffsets offsets;
    private final Runnable found;

    /**
     * @param group where commits are; empty without a group
     * @param found runs whenever partitions can be read
     */
    PositionFinder(
            Cluster cluster,
            ConsumerOptions options,
            Assignment assignment,
            Optional<GroupOffsets> group,
            Runnable found) {
        this.cluster = cluster;
        this.options = options;
        this.assignment = assignment;
        this.group = group;
        this.offsets = new PartitionOffsets(cluster, options.isolation());
        this.found = found;
    }

    /** Looks up what is needed and not on the way. */
    void run() {
        findCommitted(assignment.startLookUps(Need.COMMITTED));
        findResets(assignment.startLookUps(Need.RESET));
    }

    private void findCommitted(List<Assignment.Task> tasks) {
        if (tasks.isEmpty()) {
            return;
        }
        if (group.isEmpty()) {
            tasks.forEach(task ->
                    assignment.update(task, partition -> partition.lookUp(options.offsetReset())));
            return;
        }
        List<TopicPartition> partitions = tasks.stream().map(Assignment.Task::partition).toList();
        Outcome.whenDone(
                Retry.until(
                        cluster,
                        deadline(),
                        "read committed offsets",
                        () -> group.get().fetch(partitions)),
                (committed, failure) -> {
                    if (failure == null) {
                        tasks.forEach(task ->
                                start(task, Optional.ofNullable(committed.get(task.partition()))));
                    } else {
                        failed(tasks, failure);
                    }
                    found.run();
                });
    }

    private void start(Assignment.Task task, Optional<OffsetAndMetadata> committed) {
        assignment.update(
                task,
                partition -> {
                    if (committed.isPresent()) {
                        partition.jumpTo(committed.get().offset());
                    } else {
                        partition.lookUp(options.offsetReset());
                    }
                });
    }

    private void findResets(List<Assignment.Task> tasks) {
        List<Assignment.Task> asked = new ArrayList<>();
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        for (Assignment.Task task : tasks) {
            Optional<OffsetSpec> spec = spec(task.reset());
            if (spec.isPresent()) {
                asked.add(task);
                specs.put(task.partition(), spec.get());
            } else {
                assignment.update(task, partition -> partition.failure = nowhere(task.partition()));
            }
        }
        if (!asked.isEmpty()) {
            Outcome.whenDone(
                    offsets.list(specs, deadline()),
                    (answers, failure) -> {
                        if (failure == null) {
                            asked.forEach(task ->
                                    reset(
                                            task,
                                            Optional.ofNullable(answers.get(task.partition()))));
                        } else {
                            failed(asked, failure);
                        }
                        found.run();
                    });
        }
    }

    private static Optional<OffsetSpec> spec(OffsetReset reset) {
        if (reset instanceof OffsetReset.Earliest) {
            return Optional.of(OffsetSpec.EARLIEST);
        }
        if (reset instanceof OffsetReset.Latest) {
            return Optional.of(OffsetSpec.LATEST);
        }
        if (reset instanceof OffsetReset.ByDuration duration) {
            long millis = System.currentTimeMillis() - duration.age().toMillis();
            return Optional.of(OffsetSpec.atTimestampMillis(Math.max(0, millis)));
        }
        return Optional.empty();
    }

    private void reset(Assignment.Task task, Optional<OffsetAndTimestamp> offset) {
        assignment.update(
                task,
                partition -> {
                    if (offset.isPresent()) {
                        partition.jumpTo(offset.get().offset());
                    } else {
                        // No record is as young as that.
                        partition.lookUp(OffsetReset.LATEST);
                    }
                });
    }

    private void failed(List<Assignment.Task> tasks, Throwable failure) {
        RuntimeException cause =
                Failures.toThrow(failure, "find the positions of " + tasks.size() + " partitions");
        boolean again = Failures.isRetriable(cause);
        for (Assignment.Task task : tasks) {
            assignment.update(
                    task,
                    partition -> {
                        partition.lookingUp = false;
                        partition.failure = again ? null : cause;
                    });
        }
    }

    static BrokerException nowhere(TopicPartition partition) {
        return BrokerException.fatal(
                ErrorCode.OFFSET_OUT_OF_RANGE,
                Requests.subject(partition),
                "there is no position and offsetReset is NONE");
    }

    private Deadline deadline() {
        return Deadline.after(options.connection().operationTimeout());
    }
}
