package io.leat.broker.transaction;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ListTransactionsRequest;
import io.leat.wire.message.ListTransactionsResponse;
import io.leat.wire.message.ListTransactionsResponse.TransactionState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lists transactional ids, all or those that pass the filters. */
final class ListTransactionsHandler
        implements ApiHandler<ListTransactionsRequest, ListTransactionsResponse> {
    private static final Set<String> STATES =
            Set.of(
                    "Empty",
                    "Ongoing",
                    "PrepareCommit",
                    "PrepareAbort",
                    "CompleteCommit",
                    "CompleteAbort",
                    // Kafka's: a transaction here is never in one of these.
                    "PrepareEpochFence",
                    "Dead");

    private final Transactions transactions;

    ListTransactionsHandler(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public CompletionStage<ListTransactionsResponse> handle(
            RequestContext context, ListTransactionsRequest request) {
        String text = request.transactionalIdPattern();
        Optional<Pattern> pattern;
        try {
            pattern =
                    text == null || text.isEmpty()
                            ? Optional.empty()
                            : Optional.of(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            return CompletableFuture.completedFuture(
                    new ListTransactionsResponse(
                            0, ErrorCode.INVALID_REGULAR_EXPRESSION.code(), List.of(), List.of()));
        }
        List<TransactionState> found = new ArrayList<>();
        transactions.forEach((id, producer) -> {
            if (passes(request, producer)
                    && (pattern.isEmpty() || pattern.get().matcher(id).matches())) {
                found.add(new TransactionState(id, producer.id(), producer.phase().displayName()));
            }
        });
        found.sort(Comparator.comparing(TransactionState::transactionalId));
        List<String> unknown =
                request.stateFilters().stream().filter(state -> !STATES.contains(state)).toList();
        return CompletableFuture.completedFuture(
                new ListTransactionsResponse(0, ErrorCode.NONE.code(), unknown, found));
    }

    private boolean passes(ListTransactionsRequest request, TransactionalProducer producer) {
        if (!request.producerIdFilters().isEmpty()
                && !request.producerIdFilters().contains(producer.id())) {
            return false;
        }
        if (!request.stateFilters().isEmpty()
                && !request.stateFilters().contains(producer.phase().displayName())) {
            return false;
        }
        OptionalLong began = producer.phase().began();
        return request.durationFilter() < 0
                || (began.isPresent()
                        && transactions.nowMillis() - began.getAsLong() > request.durationFilter());
    }
}
