package io.leat.broker.transaction;

import io.leat.broker.transaction.TransactionCommand.Add;
import io.leat.broker.transaction.TransactionCommand.Expired;
import io.leat.broker.transaction.TransactionCommand.Identity;
import io.leat.broker.transaction.TransactionCommand.TimedOut;
import io.leat.broker.transaction.TransactionCommand.Verify;
import io.leat.wire.ErrorCode;
import java.util.Optional;

/** What takes part in a transaction. */
final class AddRules {
    private AddRules() {}

    /** Why a producer may not add to its transaction, or write in it; NONE where it may. */
    static ErrorCode refusal(Optional<TransactionalProducer> known, Identity identity) {
        if (known.isEmpty() || known.get().id() != identity.producerId()) {
            return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        if (known.get().epoch() != identity.epoch()) {
            return ErrorCode.PRODUCER_FENCED;
        }
        return known.get().phase() instanceof Phase.Ending
                ? ErrorCode.CONCURRENT_TRANSACTIONS
                : ErrorCode.NONE;
    }

    static void add(Draft draft, Add add) {
        ErrorCode refusal = refusal(draft.producer(), add.producer());
        if (refusal != ErrorCode.NONE) {
            draft.reply(add.to(), refusal);
            return;
        }
        TransactionalProducer producer = draft.producer().orElseThrow();
        if (producer.phase() instanceof Phase.Ongoing ongoing) {
            if (!ongoing.participants().containsAll(add.participants())) {
                Phase more =
                        new Phase.Ongoing(
                                ongoing.startMillis(),
                                ongoing.participants().with(add.participants()));
                draft.become(producer.withPhase(more, draft.nowMillis()));
            }
        } else {
            Phase begun = new Phase.Ongoing(draft.nowMillis(), add.participants());
            draft.become(producer.withPhase(begun, draft.nowMillis()));
            draft.silence(new Expired());
            draft.ring(new TimedOut(), producer.timeoutMillis());
        }
        draft.reply(add.to(), ErrorCode.NONE);
    }

    static void verify(Draft draft, Verify verify) {
        draft.reply(
                verify.to(), verify(draft.producer(), verify.producer(), verify.participants()));
    }

    /** Whether all are participants of a producer's open transaction. */
    static ErrorCode verify(
            Optional<TransactionalProducer> known, Identity identity, Participants participants) {
        ErrorCode refusal = refusal(known, identity);
        if (refusal != ErrorCode.NONE) {
            return refusal;
        }
        return known.orElseThrow().phase() instanceof Phase.Ongoing ongoing
                        && ongoing.participants().containsAll(participants)
                ? ErrorCode.NONE
                : ErrorCode.INVALID_TXN_STATE;
    }
}
