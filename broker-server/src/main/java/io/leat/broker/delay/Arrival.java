package io.leat.broker.delay;

import io.leat.broker.api.Delays.Landed;
import io.leat.broker.api.Delays.Landing;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ProduceResponse.BatchIndexAndErrorMessage;
import io.leat.wire.message.ProduceResponse.PartitionProduceResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A batch that comes to a lane. What is delayed of it is written, held, before the rest is handed
 * to the log.
 */
final class Arrival implements DelayLoop.Event {
    private final DelayLoop loop;
    private final DelayMetrics metrics;
    private final Lane lane;
    private final Sender sender;
    private final Optional<BatchSplit.Parts> parts;
    private final ByteBuffer rest;
    private final long pendingMax;
    private final Landing landing;
    private final CompletableFuture<PartitionProduceResponse> reply = new CompletableFuture<>();

    /** Whose batch it is, and whether it is part of a transaction. */
    record Sender(Sequence sequence, boolean transactional) {}

    /**
     * @param parts what is delayed; nothing where the batch only may not pass others
     * @param rest what is to land
     * @param pendingMax how many may be pending of the topic
     */
    Arrival(
            DelayLoop loop,
            DelayMetrics metrics,
            Lane lane,
            Sender sender,
            Optional<BatchSplit.Parts> parts,
            ByteBuffer rest,
            long pendingMax,
            Landing landing) {
        this.loop = loop;
        this.metrics = metrics;
        this.lane = lane;
        this.sender = sender;
        this.parts = parts;
        this.rest = rest;
        this.pendingMax = pendingMax;
        this.landing = landing;
        lane.queued().incrementAndGet();
    }

    CompletableFuture<PartitionProduceResponse> reply() {
        return reply;
    }

    @Override
    public boolean decide(Round round) {
        if (lane.closed()) {
            round.then(() -> refuse(ErrorCode.NOT_LEADER_OR_FOLLOWER, "the topic is gone"));
            return true;
        }
        Optional<String> failure = lane.partition().failure();
        if (failure.isPresent() && !lane.settled()) {
            round.then(() -> refuse(ErrorCode.KAFKA_STORAGE_ERROR, failure.get()));
            return true;
        }
        if (!lane.settled() || lane.waits() || lane.isLanding(sender.sequence())) {
            lane.await(this);
            return false;
        }
        parts.ifPresentOrElse(
                split -> decide(split, round), () -> round.then(() -> land(Optional.empty())));
        return true;
    }

    private void decide(BatchSplit.Parts split, Round round) {
        int count = split.delayed().size();
        if (count > 0 && lane.pendingOfTopic() + count > pendingMax) {
            long pending = lane.pendingOfTopic();
            round.then(() -> refuseTooMany(split, pending));
            return;
        }
        Hold hold =
                new Hold(
                        lane.state().nextNumber(),
                        sender.sequence(),
                        sender.transactional(),
                        false,
                        lane.partition().log().bounds().writtenEnd(),
                        split.delayed().stream().map(each -> each.timing().dueMillis()).toList(),
                        split.cancels());
        HoldRules.take(lane, hold, split.delayed(), round);
        lane.landing().add(hold.first());
        round.undo(() -> lane.landing().remove(hold.first()));
        round.then(() -> land(Optional.of(hold)));
    }

    private void land(Optional<Hold> hold) {
        CompletableFuture<Landed> landed;
        try {
            landed = landing.land(rest, hold.isPresent());
        } catch (RuntimeException e) {
            landed = CompletableFuture.failedFuture(e);
        } finally {
            lane.queued().decrementAndGet();
        }
        var _ =
                landed.whenComplete((outcome, failure) -> {
                    hold.ifPresent(held ->
                            loop.offer(
                                    new BatchLanded(
                                            loop,
                                            metrics,
                                            lane,
                                            held,
                                            BatchLanded.fate(outcome, failure))));
                    if (failure == null) {
                        reply.complete(outcome.response());
                    } else {
                        reply.completeExceptionally(failure);
                    }
                });
    }

    @Override
    public void failed(String why) {
        refuse(ErrorCode.KAFKA_STORAGE_ERROR, why);
    }

    private void refuse(ErrorCode error, String why) {
        lane.queued().decrementAndGet();
        reply.complete(Answers.refused(lane.id().partition(), error, why, List.of()));
    }

    private void refuseTooMany(BatchSplit.Parts split, long pending) {
        String why =
                "%d delayed records of the topic are pending, and leat.delayed.delivery.pending.max is %d"
                        .formatted(pending, pendingMax);
        List<BatchIndexAndErrorMessage> records =
                split.delayed().stream()
                        .map(each -> new BatchIndexAndErrorMessage(each.index(), why))
                        .toList();
        lane.queued().decrementAndGet();
        reply.complete(
                Answers.refused(lane.id().partition(), ErrorCode.POLICY_VIOLATION, why, records));
    }
}
