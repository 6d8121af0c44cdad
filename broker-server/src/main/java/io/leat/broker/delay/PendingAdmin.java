package io.leat.broker.delay;

import io.leat.broker.erasure.PendingRecords;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicException;
import io.leat.compaction.erasure.KeyHash;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StorageException;
import io.leat.wire.message.LeatListDelayedResponse.LeatDelayed;
import io.leat.wire.record.Record;
import io.leat.wire.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What people and erasures ask of pending records. Any thread; all methods block on the disk. */
final class PendingAdmin implements PendingRecords {
    private static final long WAIT_SECONDS_MAX = 60;

    private final TopicCatalog topics;
    private final Supplier<Optional<StateStore>> store;
    private final Supplier<Collection<Lane>> lanes;
    private final DelayLoop loop;
    private final DelayMetrics metrics;

    /**
     * @param store the store, if there is one
     */
    PendingAdmin(
            TopicCatalog topics,
            Supplier<Optional<StateStore>> store,
            Supplier<Collection<Lane>> lanes,
            DelayLoop loop,
            DelayMetrics metrics) {
        this.topics = topics;
        this.store = store;
        this.lanes = lanes;
        this.loop = loop;
        this.metrics = metrics;
    }

    private <R> Map<Integer, R> askAll(
            UUID topicId, Predicate<Lane> ready, BiFunction<Lane, Round, R> change) {
        Map<Integer, CompletableFuture<R>> asked = new TreeMap<>();
        lanesOf(topicId)
                .forEach(lane ->
                        asked.put(
                                lane.id().partition(),
                                LaneRequest.ask(loop, lane, ready, change)
                                        .orTimeout(WAIT_SECONDS_MAX, TimeUnit.SECONDS)));
        Map<Integer, R> answers = new TreeMap<>();
        try {
            asked.forEach((partition, reply) -> answers.put(partition, reply.join()));
        } catch (CompletionException e) {
            throw new StorageException("delayed records cannot be changed: " + e.getMessage(), e);
        }
        return answers;
    }

    private List<Lane> lanesOf(UUID topicId) {
        return lanes.get().stream()
                .filter(lane -> lane.id().topicId().equals(topicId))
                .sorted(Comparator.comparingInt(lane -> lane.id().partition()))
                .toList();
    }

    /**
     * Cancels what is pending by its cancel key, but for what is on its way into the log or part of
     * an open transaction. Blocks.
     *
     * @return how many records of each key
     * @throws TopicException UNKNOWN_TOPIC_OR_PARTITION
     * @throws StorageException when it cannot be written
     */
    List<Integer> cancel(String topic, List<KeyHash> keys) {
        UUID id = topics.known(topic).id();
        List<Integer> counts = new ArrayList<>(Collections.nCopies(keys.size(), 0));
        Map<Integer, List<Integer>> byPartition =
                askAll(
                        id,
                        lane -> true,
                        (lane, round) ->
                                keys.stream()
                                        .map(key ->
                                                HoldRules.cancel(lane, key, Long.MAX_VALUE, round))
                                        .toList());
        byPartition
                .values()
                .forEach(cancelled -> {
                    for (int i = 0; i < cancelled.size(); i++) {
                        counts.set(i, counts.get(i) + cancelled.get(i));
                    }
                });
        metrics.cancelled(counts.stream().mapToInt(Integer::intValue).sum());
        return counts;
    }

    /** A pending record, as it is shown: without its value, since there may be many. */
    private record View(Slot slot, LeatDelayed shown) {}

    /**
     * Some pending records of a topic, the first that are due first. Blocks.
     *
     * @param cancelKey only those with this cancel key
     * @param limit how many at the most
     * @throws TopicException UNKNOWN_TOPIC_OR_PARTITION
     */
    List<LeatDelayed> list(String topic, Optional<KeyHash> cancelKey, int limit) {
        UUID id = topics.known(topic).id();
        Optional<StateStore> open = store.get();
        List<View> found = new ArrayList<>();
        if (open.isPresent() && limit > 0) {
            lanesOf(id).forEach(lane -> list(open.get(), lane, cancelKey, limit, found));
        }
        return found.stream()
                .sorted(Comparator.comparing(View::slot))
                .limit(limit)
                .map(View::shown)
                .toList();
    }

    private static void list(
            StateStore from, Lane lane, Optional<KeyHash> cancelKey, int limit, List<View> found) {
        int full = found.size() + limit;
        byte[] prefix = DelayFormat.prefix(DelayFormat.RECORD, lane.id());
        from.scan(
                prefix,
                DelayFormat.behind(prefix),
                (key, value) -> {
                    Pending pending = DelayFormat.readRecord(lane.id(), value);
                    if (cancelKey.isEmpty() || pending.cancelKey().equals(cancelKey)) {
                        Slot slot = DelayFormat.slotOf(key);
                        found.add(new View(slot, shown(lane, slot, pending)));
                    }
                    return found.size() < full;
                });
    }

    private static LeatDelayed shown(Lane lane, Slot slot, Pending pending) {
        Record record = pending.record();
        ByteBuffer value = record.value();
        return new LeatDelayed(
                lane.id().partition(),
                slot.dueMillis(),
                pending.acceptedMillis(),
                record.key(),
                cancelHeader(record),
                value == null ? -1 : value.remaining(),
                lane.isHeld(slot.number()));
    }

    private static @Nullable ByteBuffer cancelHeader(Record record) {
        ByteBuffer last = null;
        for (RecordHeader header : record.headers()) {
            if (header.key().equals(Timing.DELAY_KEY)) {
                last = header.value();
            }
        }
        return last;
    }

    /** How many are pending of a topic. */
    long count(String topic) {
        return lanesOf(topics.known(topic).id()).stream()
                .findFirst()
                .map(Lane::pendingOfTopic)
                .orElse(0L);
    }

    @Override
    public Map<Integer, Integer> erase(UUID topicId, Set<KeyHash> keys) {
        if (store.get().isEmpty()) {
            return Map.of();
        }
        Map<Integer, List<Slot>> found = new TreeMap<>();
        lanesOf(topicId).forEach(lane -> found.put(lane.id().partition(), find(lane, keys)));
        return askAll(
                topicId,
                lane -> lane.handOver().isEmpty(),
                (lane, round) -> {
                    int count = 0;
                    for (Slot slot : found.getOrDefault(lane.id().partition(), List.of())) {
                        count += HoldRules.remove(lane, slot, round) ? 1 : 0;
                    }
                    return count;
                });
    }

    private List<Slot> find(Lane lane, Set<KeyHash> keys) {
        List<Slot> slots = new ArrayList<>();
        byte[] prefix = DelayFormat.prefix(DelayFormat.RECORD, lane.id());
        store.get()
                .orElseThrow()
                .scan(
                        prefix,
                        DelayFormat.behind(prefix),
                        (key, value) -> {
                            ByteBuffer of = DelayFormat.readRecord(lane.id(), value).record().key();
                            if (of != null && keys.contains(KeyHash.of(of))) {
                                slots.add(DelayFormat.slotOf(key));
                            }
                            return true;
                        });
        return slots;
    }

    @Override
    public void purge(UUID topicId) {
        if (lanesOf(topicId).isEmpty()) {
            return;
        }
        byte[] prefix = DelayFormat.topicPrefix(DelayFormat.RECORD, topicId);
        store.get().ifPresent(open -> open.purge(prefix, DelayFormat.behind(prefix)));
    }
}
