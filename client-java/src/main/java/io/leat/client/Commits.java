package io.leat.client;

import io.leat.client.network.Outcome;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a consumer commits, told to or by itself. Of the consumer's thread. */
final class Commits {
    private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

    /** A rebalance waits for this commit, so it must not take long. */
    private static final Duration REVOKE_PATIENCE = Duration.ofSeconds(5);

    private final Cluster cluster;
    private final Assignment assignment;
    private final GroupOffsets group;
    private final Supplier<GroupOffsets.Author> author;
    private final Optional<Duration> interval;
    private final CommitOrder order = new CommitOrder();
    private final AtomicBoolean onTheWay = new AtomicBoolean();
    private Map<TopicPartition, OffsetAndMetadata> committed = Map.of();
    private Deadline next;

    /**
     * @param author as whom to commit
     */
    Commits(
            Cluster cluster,
            ConsumerOptions options,
            Assignment assignment,
            GroupOffsets group,
            Supplier<GroupOffsets.Author> author) {
        this.cluster = cluster;
        this.assignment = assignment;
        this.group = group;
        this.author = author;
        this.interval = options.autoCommitInterval();
        this.next = Deadline.after(interval.orElse(Duration.ZERO));
    }

    /** Starts to commit; retries what can be retried. */
    CompletableFuture<Void> start(
            Map<TopicPartition, OffsetAndMetadata> offsets, Duration patience) {
        if (offsets.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        GroupOffsets.Author who = author.get();
        long number = order.begin(offsets.keySet());
        Deadline deadline = Deadline.after(patience);
        CompletableFuture<Void> done = new CompletableFuture<>();
        cluster.loop()
                .execute(() ->
                        Outcome.whenDone(
                                Retry.until(
                                        cluster,
                                        deadline,
                                        what(),
                                        () -> commitLatest(who, offsets, number)),
                                (nothing, failure) -> {
                                    if (failure == null) {
                                        done.complete(null);
                                    } else {
                                        done.completeExceptionally(failure);
                                    }
                                }));
        return done;
    }

    /** On the loop. */
    private CompletableFuture<Void> commitLatest(
            GroupOffsets.Author who, Map<TopicPartition, OffsetAndMetadata> offsets, long number) {
        Map<TopicPartition, OffsetAndMetadata> left = order.left(number, offsets);
        return left.isEmpty() ? CompletableFuture.completedFuture(null) : group.commit(who, left);
    }

    /** Commits and waits. */
    void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Duration patience = cluster.options().operationTimeout();
        CompletableFuture<Void> done = start(offsets, patience);
        Blocking.await(cluster.loop(), done, Deadline.after(patience), what());
    }

    Map<TopicPartition, OffsetAndMetadata> fetch(Collection<TopicPartition> partitions) {
        String what = "read the offsets of " + Requests.groupSubject(group.groupId());
        Deadline deadline = Deadline.after(cluster.options().operationTimeout());
        return Blocking.call(
                cluster.loop(),
                deadline,
                what,
                () -> Retry.until(cluster, deadline, what, () -> group.fetch(partitions)));
    }

    /** Commits in the background what was returned so far, if it is time for that. */
    void autoCommitIfDue() {
        if (interval.isEmpty() || !next.isOver()) {
            return;
        }
        next = Deadline.after(interval.get());
        Map<TopicPartition, OffsetAndMetadata> fresh = fresh();
        if (!fresh.isEmpty() && onTheWay.compareAndSet(false, true)) {
            committed = assignment.positions();
            Outcome.whenDone(
                    start(fresh, interval.get().plus(REVOKE_PATIENCE)),
                    (nothing, failure) -> {
                        onTheWay.set(false);
                        if (failure != null && !Failures.isClosed(failure)) {
                            LOG.warn("{}", Failures.unwrap(failure).getMessage());
                        }
                    });
        }
    }

    /**
     * Commits what was returned so far and waits for it, but not long: partitions are about to go.
     */
    void autoCommitNow() {
        if (interval.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> positions = assignment.positions();
        try {
            CompletableFuture<Void> done = start(positions, REVOKE_PATIENCE);
            Blocking.await(cluster.loop(), done, Deadline.after(REVOKE_PATIENCE), what());
            committed = positions;
        } catch (LeatClientException e) {
            LOG.warn("{}; some records will be read again", e.getMessage());
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> fresh() {
        Map<TopicPartition, OffsetAndMetadata> fresh = new HashMap<>(assignment.positions());
        fresh.entrySet().removeAll(committed.entrySet());
        return fresh;
    }

    private String what() {
        return "commit offsets of " + Requests.groupSubject(group.groupId());
    }
}
