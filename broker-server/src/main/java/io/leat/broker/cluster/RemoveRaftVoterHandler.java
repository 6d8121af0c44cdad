package io.leat.broker.cluster;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.BrokerIdentity;
import io.leat.broker.api.RequestContext;
import io.leat.wire.message.RemoveRaftVoterRequest;
import io.leat.wire.message.RemoveRaftVoterResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refuses to remove a voter. */
final class RemoveRaftVoterHandler
        implements ApiHandler<RemoveRaftVoterRequest, RemoveRaftVoterResponse> {
    private final BrokerIdentity identity;

    RemoveRaftVoterHandler(BrokerIdentity identity) {
        this.identity = identity;
    }

    @Override
    public CompletionStage<RemoveRaftVoterResponse> handle(
            RequestContext context, RemoveRaftVoterRequest request) {
        return CompletableFuture.completedFuture(
                new RemoveRaftVoterResponse(
                        0,
                        RaftVoters.refusal(identity, request.clusterId()).code(),
                        RaftVoters.MESSAGE));
    }
}
