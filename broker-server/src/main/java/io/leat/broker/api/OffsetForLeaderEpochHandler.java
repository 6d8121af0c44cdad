package io.leat.broker.api;

import io.leat.broker.partition.Partition;
import io.leat.broker.topic.TopicCatalog;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.OffsetForLeaderEpochRequest;
import io.leat.wire.message.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import io.leat.wire.message.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.leat.wire.message.OffsetForLeaderEpochResponse;
import io.leat.wire.message.OffsetForLeaderEpochResponse.EpochEndOffset;
import io.leat.wire.message.OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Says where a leader epoch ended (KIP-101, KIP-320). There is one epoch, and it ends where what
 * consumers may read ends: no log is ever cut behind what they have seen.
 */
public final class OffsetForLeaderEpochHandler
        implements ApiHandler<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse> {
    private static final int UNDEFINED = -1;

    private final TopicCatalog topics;

    public OffsetForLeaderEpochHandler(TopicCatalog topics) {
        this.topics = topics;
    }

    @Override
    public CompletionStage<OffsetForLeaderEpochResponse> handle(
            RequestContext context, OffsetForLeaderEpochRequest request) {
        return CompletableFuture.completedFuture(
                new OffsetForLeaderEpochResponse(
                        0, request.topics().stream().map(this::answer).toList()));
    }

    private OffsetForLeaderTopicResult answer(OffsetForLeaderTopic asked) {
        return new OffsetForLeaderTopicResult(
                asked.topic(),
                asked.partitions().stream()
                        .map(partition -> answer(asked.topic(), partition))
                        .toList());
    }

    private EpochEndOffset answer(String topic, OffsetForLeaderPartition asked) {
        Optional<Partition> partition =
                topics.find(topic).flatMap(found -> found.partition(asked.partition()));
        if (partition.isEmpty()) {
            return result(asked, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, UNDEFINED, UNDEFINED);
        }
        if (asked.currentLeaderEpoch() > Partition.LEADER_EPOCH) {
            return result(asked, ErrorCode.UNKNOWN_LEADER_EPOCH, UNDEFINED, UNDEFINED);
        }
        if (asked.leaderEpoch() != Partition.LEADER_EPOCH) {
            return result(asked, ErrorCode.NONE, UNDEFINED, UNDEFINED);
        }
        return result(
                asked, ErrorCode.NONE, Partition.LEADER_EPOCH, partition.get().highWatermark());
    }

    private static EpochEndOffset result(
            OffsetForLeaderPartition asked, ErrorCode error, int epoch, long endOffset) {
        return new EpochEndOffset(error.code(), asked.partition(), epoch, endOffset);
    }
}
