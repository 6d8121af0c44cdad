package io.leat.broker.cluster;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.BrokerIdentity;
import io.leat.broker.api.RequestContext;
import io.leat.wire.message.AddRaftVoterRequest;
import io.leat.wire.message.AddRaftVoterResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refuses to add a voter. */
final class AddRaftVoterHandler implements ApiHandler<AddRaftVoterRequest, AddRaftVoterResponse> {
    private final BrokerIdentity identity;

    AddRaftVoterHandler(BrokerIdentity identity) {
        this.identity = identity;
    }

    @Override
    public CompletionStage<AddRaftVoterResponse> handle(
            RequestContext context, AddRaftVoterRequest request) {
        return CompletableFuture.completedFuture(
                new AddRaftVoterResponse(
                        0,
                        RaftVoters.refusal(identity, request.clusterId()).code(),
                        RaftVoters.MESSAGE));
    }
}
