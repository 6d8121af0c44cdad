package io.leat.broker.cluster;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ListPartitionReassignmentsRequest;
import io.leat.wire.message.ListPartitionReassignmentsResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lists the partitions that are moving: none (KIP-455). */
final class ListPartitionReassignmentsHandler
        implements ApiHandler<
                ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse> {
    @Override
    public CompletionStage<ListPartitionReassignmentsResponse> handle(
            RequestContext context, ListPartitionReassignmentsRequest request) {
        return CompletableFuture.completedFuture(
                new ListPartitionReassignmentsResponse(0, ErrorCode.NONE.code(), null, List.of()));
    }
}
