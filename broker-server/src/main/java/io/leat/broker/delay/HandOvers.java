package io.leat.broker.delay;

import io.leat.broker.api.TopicMeters;
import io.leat.broker.coordinator.Time;
import io.leat.compaction.erasure.KeyHash;
import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.AppendOutcome.Refusal;
import io.leat.storage.api.Durability;
import io.leat.storage.api.StateStore.Write;
import io.leat.wire.record.Record;
import io.leat.wire.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands records that are due over to their logs. One hand-over a lane at a time. On the loop. */
final class HandOvers {
    private static final Logger LOG = LoggerFactory.getLogger(HandOvers.class);
    private static final int BATCH_BYTES_MAX = 512 * 1024;
    private static final int BATCH_RECORDS_MAX = 2_000;

    private final DelayLoop loop;
    private final LongSupplier producerId;
    private final TopicMeters topicMeters;
    private final DelayMetrics metrics;
    private final Time time;

    /** A record that is due. */
    private record Due(Slot slot, Pending pending) {}

    /** A hand-over and its batch. */
    private record Loaded(HandOver handOver, List<Due> records, ByteBuffer batch) {}

    /**
     * @param producerId the producer id of all hand-overs; may block when it is asked first
     */
    HandOvers(
            DelayLoop loop,
            LongSupplier producerId,
            TopicMeters topicMeters,
            DelayMetrics metrics,
            Time time) {
        this.loop = loop;
        this.producerId = producerId;
        this.topicMeters = topicMeters;
        this.metrics = metrics;
        this.time = time;
    }

    /** Begins to hand over what is due of a lane, or finds out when that will be. */
    void begin(Lane lane, Round round) {
        Slot cursor = lane.cursor();
        long nextDueMillis = lane.nextDueMillis();
        round.undo(() -> {
            lane.cursor(cursor);
            lane.nextDueMillis(Math.max(nextDueMillis, round.nowMillis() + DelayLoop.RETRY_MILLIS));
        });
        if (lane.closed() || !lane.settled() || lane.handOver().isPresent()) {
            // Whatever ends that looks again.
            lane.nextDueMillis(Lane.NEVER);
            return;
        }
        if (lane.partition().failure().isPresent()) {
            lane.nextDueMillis(round.nowMillis() + DelayLoop.RETRY_MILLIS);
            return;
        }
        Search search = new Search(lane, round);
        round.store()
                .scan(
                        DelayFormat.recordKey(lane.id(), cursor),
                        DelayFormat.behind(DelayFormat.prefix(DelayFormat.RECORD, lane.id())),
                        search);
        search.firstHeld().or(search::behind).ifPresent(lane::cursor);
        if (search.due.isEmpty()) {
            lane.nextDueMillis(search.nextDueMillis);
            return;
        }
        lane.nextDueMillis(Lane.NEVER);
        Sequence sequence =
                new Sequence(producerId.getAsLong(), lane.state().epoch(), lane.state().sequence());
        begin(lane, loaded(lane, sequence, search.due), round);
    }

    private static Loaded loaded(Lane lane, Sequence sequence, List<Due> records) {
        HandOver handOver =
                new HandOver(
                        sequence,
                        lane.partition().log().bounds().writtenEnd(),
                        records.stream().map(Due::slot).toList());
        return new Loaded(handOver, records, batch(sequence, records));
    }

    private static ByteBuffer batch(Sequence sequence, List<Due> records) {
        RecordBatchBuilder batch =
                RecordBatchBuilder.growable(16 * 1024)
                        .compression(records.getFirst().pending().compression())
                        .producer(sequence.producerId(), sequence.epoch(), sequence.first());
        for (Due due : records) {
            Record record = due.pending().record();
            // Retention counts from the timestamp: an older one would have it removed unread.
            long timestampMillis = Math.max(record.timestampMillis(), due.slot().dueMillis());
            batch.append(timestampMillis, record.key(), record.value(), record.headers());
        }
        return batch.build();
    }

    private void begin(Lane lane, Loaded loaded, Round round) {
        Optional<HandOver> before = lane.handOver();
        lane.handOver(Optional.of(loaded.handOver()));
        round.undo(() -> lane.handOver(before));
        round.write(DelayFormat.put(lane.id(), loaded.handOver()));
        round.durably();
        round.then(() -> append(lane, loaded));
    }

    /** Goes on with what a stop has cut short: the log knows the batch if it was there. */
    void resume(Lane lane, HandOver handOver) {
        lane.handOver(Optional.of(handOver));
        loop.offer(new Resumed(lane, handOver));
    }

    private void append(Lane lane, Loaded loaded) {
        var _ =
                lane.partition()
                        .log()
                        .append(loaded.batch().duplicate(), Durability.FORCED)
                        .thenAccept(outcome -> loop.offer(new Answered(lane, loaded, outcome)));
    }

    /** Reads a hand-over's records again, and appends its batch again. */
    private final class Resumed implements DelayLoop.Event {
        private final Lane lane;
        private final HandOver handOver;

        Resumed(Lane lane, HandOver handOver) {
            this.lane = lane;
            this.handOver = handOver;
        }

        @Override
        public boolean decide(Round round) {
            if (lane.closed()) {
                return true;
            }
            List<Due> records = new ArrayList<>();
            for (Slot slot : handOver.slots()) {
                round.store()
                        .get(DelayFormat.recordKey(lane.id(), slot))
                        .map(value -> DelayFormat.readRecord(lane.id(), value))
                        .ifPresent(pending -> records.add(new Due(slot, pending)));
            }
            if (records.size() != handOver.slots().size()) {
                throw new IllegalStateException(
                        "the hand-over of " + lane.id() + " lacks records, and waits");
            }
            Loaded loaded = new Loaded(handOver, records, batch(handOver.sequence(), records));
            round.then(() -> append(lane, loaded));
            return true;
        }

        @Override
        public void failed(String why) {
            loop.later(this, DelayLoop.RETRY_MILLIS);
        }
    }

    /** The log has answered to a hand-over. */
    private final class Answered implements DelayLoop.Event {
        private final Lane lane;
        private final Loaded loaded;
        private final AppendOutcome outcome;

        Answered(Lane lane, Loaded loaded, AppendOutcome outcome) {
            this.lane = lane;
            this.loaded = loaded;
            this.outcome = outcome;
        }

        @Override
        public boolean decide(Round round) {
            if (lane.closed()) {
                return true;
            }
            switch (outcome) {
                case AppendOutcome.Appended appended -> done(round);
                case AppendOutcome.Duplicate duplicate -> done(round);
                case AppendOutcome.Refused refused -> refused(refused, round);
            }
            return true;
        }

        private void done(Round round) {
            for (Due due : loaded.records()) {
                if (!round.removes(lane, due.slot())) {
                    throw new IllegalStateException("removed on its way: " + due.slot());
                }
                Optional<KeyHash> cancelKey = due.pending().cancelKey();
                HoldRules.delete(lane, due.slot(), cancelKey, round);
            }
            round.write(new Write.Delete(DelayFormat.prefix(DelayFormat.HAND_OVER, lane.id())));
            round.become(lane, lane.state().handedOver(loaded.records().size()));
            lane.handOver(Optional.empty());
            lane.stuck(false);
            long nextDueMillis = lane.nextDueMillis();
            lane.nextDueMillis(0);
            round.undo(() -> {
                lane.handOver(Optional.of(loaded.handOver()));
                lane.nextDueMillis(nextDueMillis);
            });
            round.then(this::count);
            lane.wake().forEach(event -> DelayLoop.decide(event, round));
        }

        private void count() {
            topicMeters.produced(
                    lane.partition().id().topic(),
                    loaded.batch().remaining(),
                    loaded.records().size());
            long nowMillis = time.wallMillis();
            loaded.records().forEach(due -> metrics.delivered(nowMillis - due.slot().dueMillis()));
        }

        private void refused(AppendOutcome.Refused refused, Round round) {
            Refusal reason = refused.reason();
            if (reason == Refusal.OUT_OF_ORDER_SEQUENCE
                    || reason == Refusal.DUPLICATE_SEQUENCE
                    || reason == Refusal.STALE_PRODUCER_EPOCH) {
                // The log and the store disagree, as after a restored backup of one of them.
                LOG.warn("{}: {}; hand-overs go on in a new epoch", lane.id(), refused.message());
                round.become(lane, lane.state().nextEpoch());
                Sequence sequence =
                        new Sequence(
                                loaded.handOver().sequence().producerId(),
                                lane.state().epoch(),
                                lane.state().sequence());
                begin(lane, loaded(lane, sequence, loaded.records()), round);
            } else if (reason != Refusal.CLOSED) {
                tellWaiting(refused);
                loop.later(new Resumed(lane, loaded.handOver()), DelayLoop.RETRY_MILLIS);
            }
        }

        /** Says once what does not pass by itself: the log tells of its own troubles. */
        private void tellWaiting(AppendOutcome.Refused refused) {
            if (refused.reason() == Refusal.BATCH_TOO_LARGE && !lane.stuck()) {
                lane.stuck(true);
                LOG.error(
                        "Delayed records of {} wait until segment.bytes of the topic is raised: {}",
                        lane.partition().id(),
                        refused.message());
            } else {
                LOG.debug("{}: delayed records have to wait: {}", lane.id(), refused.message());
            }
        }

        @Override
        public void failed(String why) {
            loop.later(this, DelayLoop.RETRY_MILLIS);
        }
    }

    /** Gathers what is due, as much as a batch takes. */
    private static final class Search implements io.leat.storage.api.StateStore.Visitor {
        private final Lane lane;
        private final Round round;
        private final List<Due> due = new ArrayList<>();
        private Optional<Slot> firstHeld = Optional.empty();
        private Optional<Slot> next = Optional.empty();
        private long nextDueMillis = Lane.NEVER;
        private int bytes;

        Search(Lane lane, Round round) {
            this.lane = lane;
            this.round = round;
        }

        @Override
        public boolean visit(byte[] key, byte[] value) {
            Slot slot = DelayFormat.slotOf(key);
            if (round.isRemoved(lane, slot)) {
                return true;
            }
            if (lane.isLanding(slot.number())) {
                // Its batch is about to be in the log: those behind it wait, for the order's sake.
                next = Optional.of(slot);
                nextDueMillis = Math.max(slot.dueMillis(), round.nowMillis() + 1);
                return false;
            }
            if (lane.isHeld(slot.number())) {
                firstHeld = firstHeld.or(() -> Optional.of(slot));
                return true;
            }
            if (slot.dueMillis() > round.nowMillis()) {
                next = Optional.of(slot);
                nextDueMillis = slot.dueMillis();
                return false;
            }
            Pending pending = DelayFormat.readRecord(lane.id(), value);
            boolean fits =
                    due.isEmpty()
                            || (due.size() < BATCH_RECORDS_MAX
                                    && bytes + value.length <= BATCH_BYTES_MAX
                                    && pending.compression()
                                            == due.getFirst().pending().compression());
            if (!fits) {
                next = Optional.of(slot);
                nextDueMillis = slot.dueMillis();
                return false;
            }
            due.add(new Due(slot, pending));
            bytes += value.length;
            return true;
        }

        Optional<Slot> firstHeld() {
            return firstHeld;
        }

        /** The first place behind what was gathered that may have a record. */
        Optional<Slot> behind() {
            return next.or(() ->
                    due.isEmpty() ? Optional.empty() : Optional.of(due.getLast().slot().next()));
        }
    }
}
