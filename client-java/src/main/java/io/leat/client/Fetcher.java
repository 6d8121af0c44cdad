package io.leat.client;

import io.leat.client.network.NetworkLoop;
import io.leat.client.network.Outcome;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.FetchResponse;
import io.leat.wire.record.InvalidBatchException;
import io.leat.wire.schema.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches ahead of the caller: one request to each leader at a time, for all partitions that can be
 * read, as long as what is buffered and on the way stays within the bound. Of the loop, but for
 * {@link #wake}.
 */
final class Fetcher {
    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);

    private static final Duration JOIN_WAIT = Duration.ofMillis(100);

    /** A broker as this consumer knows it. */
    private static final class Source {
        final FetchSession session;
        boolean asked;
        boolean pausing;
        int reservedBytes;

        Source(FetchSession session) {
            this.session = session;
        }
    }

    private final Cluster cluster;
    private final NetworkLoop loop;
    private final ConsumerOptions options;
    private final Assignment assignment;
    private final PositionFinder positions;
    private final Map<Integer, Source> sources = new HashMap<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private boolean refreshing;

    Fetcher(
            Cluster cluster,
            ConsumerOptions options,
            Assignment assignment,
            Optional<GroupOffsets> group) {
        this.cluster = cluster;
        this.loop = cluster.loop();
        this.options = options;
        this.assignment = assignment;
        this.positions = new PositionFinder(cluster, options, assignment, group, this::wake);
    }

    /** Looks soon for what may be fetched. Any thread. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            loop.execute(this::run);
        }
    }

    private void run() {
        woken.set(false);
        positions.run();
        Map<Node, List<Assignment.Task>> byLeader = new LinkedHashMap<>();
        for (Assignment.Task task : assignment.fetchable()) {
            Optional<Node> leader = cluster.view().leader(task.partition());
            if (leader.isPresent()) {
                byLeader.computeIfAbsent(leader.get(), node -> new ArrayList<>()).add(task);
            } else {
                refresh();
            }
        }
        byLeader.forEach(this::fetch);
    }

    private void fetch(Node node, List<Assignment.Task> tasks) {
        Source source =
                sources.computeIfAbsent(node.id(), id -> new Source(new FetchSession(options)));
        if (source.asked || source.pausing) {
            return;
        }
        int bytesMax = (int) Math.min(options.fetchBytesMax(), freeBytes());
        if (bytesMax <= 0) {
            return;
        }
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        Map<TopicPartition, Assignment.Task> byPartition = new HashMap<>();
        for (Assignment.Task task : tasks) {
            offsets.put(task.partition(), task.offset());
            byPartition.put(task.partition(), task);
        }
        // Those that join soon shall not have to wait for this answer.
        Duration wait =
                assignment.isLookingUp()
                        ? shorter(options.fetchWait(), JOIN_WAIT)
                        : options.fetchWait();
        source.asked = true;
        source.reservedBytes = bytesMax;
        Duration timeout = options.connection().requestTimeout().plus(options.fetchWait());
        Outcome.whenDone(
                cluster.ask(
                        node,
                        Lane.FETCH,
                        Apis.FETCH,
                        source.session.next(offsets, wait, bytesMax),
                        timeout),
                (answer, failure) -> {
                    source.asked = false;
                    source.reservedBytes = 0;
                    if (failure != null) {
                        source.session.reset();
                        pause(source);
                        refresh();
                        LOG.debug(
                                "cannot fetch from {}: {}",
                                node,
                                Failures.unwrap(failure).getMessage());
                    } else if (source.session.accept(answer)) {
                        take(source, answer, byPartition);
                    } else {
                        refused(source, node, answer);
                    }
                    wake();
                });
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** What may be asked for on top of what is there and on the way. */
    private long freeBytes() {
        long reserved = 0;
        for (Source source : sources.values()) {
            reserved += source.reservedBytes;
        }
        return options.prefetchBytes() - assignment.bufferedBytes() - reserved;
    }

    private void refused(Source source, Node node, FetchResponse answer) {
        ErrorCode error = ErrorCode.of(answer.errorCode());
        LOG.debug("{} refused a fetch: {}", node, error);
        // A session that a broker has forgotten costs nothing but the next, full fetch.
        if (error != ErrorCode.FETCH_SESSION_ID_NOT_FOUND
                && error != ErrorCode.INVALID_FETCH_SESSION_EPOCH) {
            pause(source);
        }
    }

    private void take(
            Source source, FetchResponse answer, Map<TopicPartition, Assignment.Task> tasks) {
        for (FetchResponse.FetchableTopicResponse topic : answer.responses()) {
            for (FetchResponse.PartitionData data : topic.partitions()) {
                TopicPartition partition = new TopicPartition(topic.topic(), data.partitionIndex());
                Assignment.Task task = tasks.get(partition);
                if (task == null) {
                    continue;
                }
                ErrorCode error = ErrorCode.of(data.errorCode());
                if (error == ErrorCode.NONE) {
                    deliver(task, data);
                } else {
                    source.session.forget(partition);
                    failed(source, task, error);
                }
            }
        }
    }

    private void deliver(Assignment.Task task, FetchResponse.PartitionData data) {
        Payload records = data.records();
        if (records == null || records.sizeBytes() == 0) {
            return;
        }
        try {
            FetchedChunk chunk =
                    new FetchedChunk(
                            task.partition(),
                            task.version(),
                            task.offset(),
                            records.bytes(),
                            data.abortedTransactions() == null
                                    ? List.of()
                                    : data.abortedTransactions());
            if (chunk.nextOffset() > task.offset()) {
                assignment.deliver(task, chunk);
            }
        } catch (InvalidBatchException e) {
            RecordDeserializationException failure =
                    new RecordDeserializationException(
                            task.partition(), task.offset(), task.offset() + 1, "a batch", e);
            assignment.update(task, partition -> partition.failure = failure);
        }
    }

    private void failed(Source source, Assignment.Task task, ErrorCode error) {
        switch (error) {
            case OFFSET_OUT_OF_RANGE -> outOfRange(source, task);
            case NOT_LEADER_OR_FOLLOWER,
                    UNKNOWN_TOPIC_OR_PARTITION,
                    LEADER_NOT_AVAILABLE,
                    FENCED_LEADER_EPOCH,
                    UNKNOWN_LEADER_EPOCH,
                    REPLICA_NOT_AVAILABLE,
                    OFFSET_NOT_AVAILABLE,
                    KAFKA_STORAGE_ERROR -> {
                pause(source);
                refresh();
            }
            default -> {
                if (error.retriable()) {
                    pause(source);
                } else {
                    BrokerException why =
                            BrokerException.of(
                                    error, "read " + Requests.subject(task.partition()), null);
                    assignment.update(task, partition -> partition.failure = why);
                }
            }
        }
    }

    private void outOfRange(Source source, Assignment.Task task) {
        assignment.update(
                task,
                partition -> {
                    // The caller first gets what was fetched before.
                    if (partition.position == partition.fetchOffset) {
                        LOG.info(
                                "offset {} of {} is out of range", task.offset(), task.partition());
                        if (options.offsetReset() instanceof OffsetReset.None) {
                            partition.failure =
                                    BrokerException.fatal(
                                            ErrorCode.OFFSET_OUT_OF_RANGE,
                                            "read "
                                                    + Requests.subject(task.partition())
                                                    + " at offset "
                                                    + task.offset(),
                                            null);
                        } else {
                            partition.lookUp(options.offsetReset());
                        }
                    } else {
                        pause(source);
                    }
                });
    }

    private void refresh() {
        if (!refreshing) {
            refreshing = true;
            Outcome.whenDone(
                    cluster.refresh(),
                    (view, failure) -> {
                        refreshing = false;
                        later(failure);
                    });
        }
    }

    private void later(@Nullable Throwable failure) {
        if (failure == null) {
            wake();
        } else {
            loop.schedule(options.connection().retryBackoffMax(), this::wake);
        }
    }

    /** Asks this broker nothing for a moment. */
    private void pause(Source source) {
        if (!source.pausing) {
            source.pausing = true;
            loop.schedule(
                    options.connection().retryBackoff(),
                    () -> {
                        source.pausing = false;
                        wake();
                    });
        }
    }
}
