package io.leat.broker.transaction;

import io.leat.broker.transaction.InitOutcome.NeedsProducerId;
import io.leat.broker.transaction.InitOutcome.Ready;
import io.leat.broker.transaction.InitOutcome.Refused;
import io.leat.broker.transaction.TransactionCommand.Identity;
import io.leat.broker.transaction.TransactionCommand.Init;
import io.leat.wire.ErrorCode;
import java.util.Optional;

/** Who may be the producer of a transactional id, and in which epoch. */
final class InitRules {
    private InitRules() {}

    static void init(Draft draft, Init init) {
        Optional<TransactionalProducer> known = draft.producer();
        if (known.isEmpty()) {
            begin(draft, init);
            return;
        }
        TransactionalProducer producer = known.get();
        if (init.expected().isPresent() && !mayGoOn(producer, init.expected().get())) {
            draft.reply(init.to(), new Refused(ErrorCode.PRODUCER_FENCED));
            return;
        }
        switch (producer.phase()) {
            case Phase.Ending ending ->
                    draft.reply(init.to(), new Refused(ErrorCode.CONCURRENT_TRANSACTIONS));
            case Phase.Ongoing ongoing -> {
                EndRules.abort(draft, producer, ongoing);
                // The client asks again, and gets an epoch behind the one that fences.
                draft.reply(init.to(), new Refused(ErrorCode.CONCURRENT_TRANSACTIONS));
            }
            case Phase.Empty empty -> next(draft, producer, init);
            case Phase.Ended ended -> next(draft, producer, init);
        }
    }

    /** An id that is not known, or not any more: whoever comes is the first. */
    private static void begin(Draft draft, Init init) {
        if (init.freshId().isEmpty()) {
            draft.reply(init.to(), new NeedsProducerId());
            return;
        }
        ready(
                draft,
                init,
                new TransactionalProducer(
                        init.freshId().getAsLong(),
                        (short) 0,
                        TransactionalProducer.NO_ID,
                        TransactionalProducer.NO_EPOCH,
                        init.timeoutMillis(),
                        new Phase.Empty(),
                        draft.nowMillis()));
    }

    /** Whether a client that says who it is (KIP-360) is the newest, or missed the last answer. */
    private static boolean mayGoOn(TransactionalProducer producer, Identity expected) {
        if (expected.producerId() == producer.id()) {
            return expected.epoch() == producer.epoch()
                    || expected.epoch() == producer.previousEpoch();
        }
        return expected.producerId() == producer.previousId()
                && expected.epoch() == producer.previousEpoch()
                && expected.epoch() >= TransactionalProducer.EPOCH_MAX;
    }

    private static void next(Draft draft, TransactionalProducer producer, Init init) {
        boolean newest =
                init.expected().isEmpty()
                        || (init.expected().get().producerId() == producer.id()
                                && init.expected().get().epoch() == producer.epoch());
        if (!newest) {
            // It asked before, and missed the answer.
            draft.reply(init.to(), new Ready(producer.id(), producer.epoch()));
            return;
        }
        short before =
                init.expected().isPresent() ? producer.epoch() : TransactionalProducer.NO_EPOCH;
        if (!producer.exhausted()) {
            ready(draft, init, producer.withEpoch((short) (producer.epoch() + 1), before));
        } else if (init.freshId().isPresent()) {
            ready(draft, init, producer.withId(init.freshId().getAsLong(), before));
        } else {
            draft.reply(init.to(), new NeedsProducerId());
        }
    }

    private static void ready(Draft draft, Init init, TransactionalProducer producer) {
        TransactionalProducer next =
                producer.withTimeout(init.timeoutMillis())
                        .withPhase(new Phase.Empty(), draft.nowMillis());
        draft.become(next);
        draft.ring(new TransactionCommand.Expired(), draft.config().expirationMillis());
        draft.reply(init.to(), new Ready(next.id(), next.epoch()));
    }
}
