package io.leat.broker.transaction;

import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.transaction.EndOutcome.Done;
import io.leat.broker.transaction.EndOutcome.Refused;
import io.leat.broker.transaction.TransactionCommand.End;
import io.leat.broker.transaction.TransactionCommand.Expired;
import io.leat.broker.transaction.TransactionCommand.Tell;
import io.leat.broker.transaction.TransactionCommand.TimedOut;
import io.leat.broker.transaction.TransactionCommand.Told;
import io.leat.wire.ErrorCode;
import java.util.Optional;
import java.util.OptionalLong;

/** How transactions end. */
final class EndRules {
    private static final long RETRY_MILLIS = 100;
    private static final long RETRY_MILLIS_MAX = 10_000;

    private EndRules() {}

    static void end(Draft draft, End end) {
        Optional<TransactionalProducer> known = draft.producer();
        if (known.isEmpty()) {
            refuse(draft, end, ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        } else if (end.epochPerTransaction()) {
            endWithEpoch(draft, known.get(), end);
        } else {
            endWithin(draft, known.get(), end);
        }
    }

    /** Transaction version 1: the epoch stays, and an end that is repeated is answered alike. */
    private static void endWithin(Draft draft, TransactionalProducer producer, End end) {
        if (producer.id() != end.producer().producerId()) {
            refuse(draft, end, ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        } else if (producer.epoch() != end.producer().epoch()) {
            refuse(draft, end, ErrorCode.PRODUCER_FENCED);
        } else {
            switch (producer.phase()) {
                case Phase.Ongoing ongoing ->
                        begin(
                                draft,
                                producer,
                                ongoing,
                                end.committed(),
                                OptionalLong.empty(),
                                Optional.of(end.to()));
                case Phase.Ending ending ->
                        refuse(
                                draft,
                                end,
                                ending.committed() == end.committed()
                                        ? ErrorCode.CONCURRENT_TRANSACTIONS
                                        : ErrorCode.INVALID_TXN_STATE);
                case Phase.Ended ended when ended.committed() == end.committed() ->
                        draft.reply(end.to(), new Done(producer.id(), producer.epoch()));
                case Phase.Ended ended -> refuse(draft, end, ErrorCode.INVALID_TXN_STATE);
                case Phase.Empty empty -> refuse(draft, end, ErrorCode.INVALID_TXN_STATE);
            }
        }
    }

    /**
     * Transaction version 2 (KIP-890): the epoch goes up with each end, so an end that is repeated
     * is told by the epoch before.
     */
    private static void endWithEpoch(Draft draft, TransactionalProducer producer, End end) {
        boolean sameId = end.producer().producerId() == producer.id();
        boolean current = sameId && end.producer().epoch() == producer.epoch();
        if (!sameId && !repeatedBeforeNewId(producer, end)) {
            refuse(draft, end, ErrorCode.INVALID_PRODUCER_ID_MAPPING);
            return;
        }
        boolean repeated =
                !sameId
                        || (end.producer().epoch() == producer.epoch() - 1
                                && end.producer().epoch() == producer.previousEpoch());
        switch (producer.phase()) {
            case Phase.Ongoing ongoing when current -> endOngoing(draft, producer, ongoing, end);
            case Phase.Ending ending when repeated ->
                    refuse(
                            draft,
                            end,
                            ending.committed() == end.committed()
                                    ? ErrorCode.CONCURRENT_TRANSACTIONS
                                    : ErrorCode.INVALID_TXN_STATE);
            case Phase.Ended ended when repeated ->
                    answerRepeated(draft, producer, end, ended.committed());
            case Phase.Ended ended when current -> endWithoutParticipants(draft, producer, end);
            case Phase.Empty empty when current -> endWithoutParticipants(draft, producer, end);
            default -> refuse(draft, end, ErrorCode.PRODUCER_FENCED);
        }
    }

    private static boolean repeatedBeforeNewId(TransactionalProducer producer, End end) {
        return end.producer().producerId() == producer.previousId()
                && end.producer().epoch() == producer.previousEpoch()
                && end.producer().epoch() >= TransactionalProducer.EPOCH_MAX
                && producer.epoch() == 0;
    }

    private static void answerRepeated(
            Draft draft, TransactionalProducer producer, End end, boolean committed) {
        if (committed == end.committed()) {
            draft.reply(end.to(), new Done(producer.id(), producer.epoch()));
        } else {
            refuse(draft, end, ErrorCode.INVALID_TXN_STATE);
        }
    }

    private static void endOngoing(
            Draft draft, TransactionalProducer producer, Phase.Ongoing ongoing, End end) {
        if (producer.epoch() == Short.MAX_VALUE) {
            // No client was ever given this one.
            refuse(draft, end, ErrorCode.PRODUCER_FENCED);
            return;
        }
        if (producer.exhausted() && end.freshId().isEmpty()) {
            draft.reply(end.to(), new EndOutcome.NeedsProducerId());
            return;
        }
        TransactionalProducer next =
                producer.withEpoch((short) (producer.epoch() + 1), producer.epoch());
        begin(
                draft,
                next,
                ongoing,
                end.committed(),
                producer.exhausted() ? end.freshId() : OptionalLong.empty(),
                Optional.of(end.to()));
    }

    /** A client that does not know whether its records came may abort what never began. */
    private static void endWithoutParticipants(
            Draft draft, TransactionalProducer producer, End end) {
        if (end.committed()) {
            refuse(draft, end, ErrorCode.INVALID_TXN_STATE);
        } else {
            Phase.Ongoing nothing = new Phase.Ongoing(draft.nowMillis(), Participants.NONE);
            endOngoing(draft, producer, nothing, end);
        }
    }

    private static void refuse(Draft draft, End end, ErrorCode error) {
        draft.reply(end.to(), new Refused(error));
    }

    /**
     * Aborts a transaction that its producer does not end, and fences the producer off with the
     * next epoch. The epoch before is forgotten, so that the producer is not taken for one that
     * repeats its own end.
     */
    static void abort(Draft draft, TransactionalProducer producer, Phase.Ongoing ongoing) {
        short epoch = (short) Math.min(Short.MAX_VALUE, producer.epoch() + 1);
        begin(
                draft,
                producer.withEpoch(epoch, TransactionalProducer.NO_EPOCH),
                ongoing,
                false,
                OptionalLong.empty(),
                Optional.empty());
    }

    static void timedOut(Draft draft) {
        draft.producer()
                .ifPresent(producer -> {
                    if (producer.phase() instanceof Phase.Ongoing ongoing) {
                        long endMillis = ongoing.startMillis() + producer.timeoutMillis();
                        if (draft.nowMillis() >= endMillis) {
                            abort(draft, producer, ongoing);
                        } else {
                            draft.ring(new TimedOut(), endMillis - draft.nowMillis());
                        }
                    }
                });
    }

    private static void begin(
            Draft draft,
            TransactionalProducer producer,
            Phase.Ongoing ongoing,
            boolean committed,
            OptionalLong nextProducerId,
            Optional<ReplyTo<EndOutcome>> waiting) {
        Phase.Ending ending =
                new Phase.Ending(
                        committed,
                        ongoing.startMillis(),
                        ongoing.participants(),
                        nextProducerId,
                        0,
                        waiting);
        draft.silence(new TimedOut());
        if (ending.left().isEmpty()) {
            complete(draft, producer, ending);
        } else {
            draft.become(producer.withPhase(ending, draft.nowMillis()));
            // In a turn of its own, so that what was let into the transaction in this one is on its
            // way before.
            draft.ring(new Tell(), 0);
        }
    }

    static void tell(Draft draft) {
        draft.producer()
                .ifPresent(producer -> {
                    if (producer.phase() instanceof Phase.Ending ending) {
                        draft.becomeForNow(
                                producer.withPhase(
                                        again(ending, ending.left(), ending.attempt() + 1),
                                        producer.updatedMillis()));
                    }
                });
    }

    private static Phase.Ending again(Phase.Ending ending, Participants left, int attempt) {
        return new Phase.Ending(
                ending.committed(),
                ending.startMillis(),
                left,
                ending.nextProducerId(),
                attempt,
                ending.waiting());
    }

    static void told(Draft draft, Told told) {
        draft.reply(told.to(), ErrorCode.NONE);
        draft.producer()
                .ifPresent(producer -> {
                    if (producer.phase() instanceof Phase.Ending ending
                            && producer.id() == told.producer().producerId()
                            && producer.epoch() == told.producer().epoch()) {
                        Participants left = ending.left().without(told.done());
                        if (left.isEmpty()) {
                            complete(draft, producer, ending);
                        } else {
                            Phase.Ending rest = again(ending, left, ending.attempt());
                            draft.becomeForNow(producer.withPhase(rest, producer.updatedMillis()));
                            draft.ring(
                                    new Tell(),
                                    Math.min(RETRY_MILLIS_MAX, RETRY_MILLIS * ending.attempt()));
                        }
                    }
                });
    }

    private static void complete(Draft draft, TransactionalProducer producer, Phase.Ending ending) {
        TransactionalProducer next =
                ending.nextProducerId().isPresent()
                        ? producer.withId(
                                ending.nextProducerId().getAsLong(), producer.previousEpoch())
                        : producer;
        draft.become(next.withPhase(new Phase.Ended(ending.committed()), draft.nowMillis()));
        draft.ring(new Expired(), draft.config().expirationMillis());
        ending.waiting().ifPresent(to -> draft.reply(to, new Done(next.id(), next.epoch())));
    }

    /** Forgets a producer that was silent for so long. */
    static void expired(Draft draft) {
        draft.producer()
                .ifPresent(producer -> {
                    boolean idle =
                            producer.phase() instanceof Phase.Empty
                                    || producer.phase() instanceof Phase.Ended;
                    long endMillis = producer.updatedMillis() + draft.config().expirationMillis();
                    if (idle && draft.nowMillis() >= endMillis) {
                        draft.forget();
                    } else if (idle) {
                        draft.ring(new Expired(), endMillis - draft.nowMillis());
                    }
                });
    }
}
