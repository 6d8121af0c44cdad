package io.leat.broker.cluster;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.BrokerIdentity;
import io.leat.broker.api.RequestContext;
import io.leat.broker.config.Endpoint;
import io.leat.broker.partition.Partition;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.DescribeQuorumRequest;
import io.leat.wire.message.DescribeQuorumResponse;
import io.leat.wire.message.DescribeQuorumResponse.Listener;
import io.leat.wire.message.DescribeQuorumResponse.Node;
import io.leat.wire.message.DescribeQuorumResponse.PartitionData;
import io.leat.wire.message.DescribeQuorumResponse.ReplicaState;
import io.leat.wire.message.DescribeQuorumResponse.TopicData;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Describes the quorum that keeps the metadata: this broker, alone. There is no metadata log, so
 * every offset of it is 0, and the only voter is as far as the leader, which is itself.
 */
final class DescribeQuorumHandler
        implements ApiHandler<DescribeQuorumRequest, DescribeQuorumResponse> {
    private static final String METADATA_TOPIC = "__cluster_metadata";
    private static final long NO_LOG = 0;
    private static final long NEVER_FETCHED = -1;

    private final BrokerIdentity identity;
    private final InstantSource clock;

    DescribeQuorumHandler(BrokerIdentity identity, InstantSource clock) {
        this.identity = identity;
        this.clock = clock;
    }

    @Override
    public CompletionStage<DescribeQuorumResponse> handle(
            RequestContext context, DescribeQuorumRequest request) {
        boolean metadataOnly =
                request.topics().size() == 1
                        && request.topics().getFirst().topicName().equals(METADATA_TOPIC)
                        && request.topics().getFirst().partitions().size() == 1
                        && request.topics().getFirst().partitions().getFirst().partitionIndex()
                                == 0;
        if (!metadataOnly) {
            return CompletableFuture.completedFuture(unknown(request));
        }
        Endpoint endpoint = identity.endpointFor(context.connection());
        Node node =
                new Node(
                        identity.nodeId(),
                        List.of(new Listener(endpoint.name(), endpoint.host(), endpoint.port())));
        return CompletableFuture.completedFuture(
                new DescribeQuorumResponse(
                        ErrorCode.NONE.code(),
                        null,
                        List.of(new TopicData(METADATA_TOPIC, List.of(alone()))),
                        context.apiVersion() >= 2 ? List.of(node) : List.of()));
    }

    private PartitionData alone() {
        ReplicaState self =
                new ReplicaState(
                        identity.nodeId(), TopicIds.NONE, NO_LOG, NEVER_FETCHED, clock.millis());
        return new PartitionData(
                0,
                ErrorCode.NONE.code(),
                null,
                identity.nodeId(),
                Partition.LEADER_EPOCH,
                NO_LOG,
                List.of(self),
                List.of());
    }

    private static DescribeQuorumResponse unknown(DescribeQuorumRequest request) {
        ErrorCode error = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        List<TopicData> topics = new ArrayList<>();
        for (var topic : request.topics()) {
            List<PartitionData> partitions = new ArrayList<>();
            for (var partition : topic.partitions()) {
                partitions.add(
                        new PartitionData(
                                partition.partitionIndex(),
                                error.code(),
                                null,
                                -1,
                                -1,
                                -1,
                                List.of(),
                                List.of()));
            }
            topics.add(new TopicData(topic.topicName(), partitions));
        }
        return new DescribeQuorumResponse(ErrorCode.NONE.code(), null, topics, List.of());
    }
}
