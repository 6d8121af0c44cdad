package io.leat.broker.metrics;

import io.leat.wire.message.AlterConfigsResponse;
import io.leat.wire.message.ApiVersionsResponse;
import io.leat.wire.message.CreatePartitionsResponse;
import io.leat.wire.message.CreateTopicsResponse;
import io.leat.wire.message.DeleteGroupsResponse;
import io.leat.wire.message.DeleteRecordsResponse;
import io.leat.wire.message.DeleteTopicsResponse;
import io.leat.wire.message.DescribeClusterResponse;
import io.leat.wire.message.DescribeConfigsResponse;
import io.leat.wire.message.DescribeGroupsResponse;
import io.leat.wire.message.DescribeTopicPartitionsResponse;
import io.leat.wire.message.FetchResponse;
import io.leat.wire.message.FindCoordinatorResponse;
import io.leat.wire.message.HeartbeatResponse;
import io.leat.wire.message.IncrementalAlterConfigsResponse;
import io.leat.wire.message.InitProducerIdResponse;
import io.leat.wire.message.JoinGroupResponse;
import io.leat.wire.message.LeatCancelDelayedResponse;
import io.leat.wire.message.LeatDescribeCompactionResponse;
import io.leat.wire.message.LeatDescribeErasuresResponse;
import io.leat.wire.message.LeatEraseKeysResponse;
import io.leat.wire.message.LeatListDelayedResponse;
import io.leat.wire.message.LeaveGroupResponse;
import io.leat.wire.message.ListGroupsResponse;
import io.leat.wire.message.ListOffsetsResponse;
import io.leat.wire.message.MetadataResponse;
import io.leat.wire.message.OffsetCommitResponse;
import io.leat.wire.message.OffsetDeleteResponse;
import io.leat.wire.message.OffsetFetchResponse;
import io.leat.wire.message.OffsetForLeaderEpochResponse;
import io.leat.wire.message.ProduceResponse;
import io.leat.wire.message.ResponseMessage;
import io.leat.wire.message.SyncGroupResponse;
import java.util.List;
import java.util.function.Function;

/** Finds the error codes in a response. */
final class ResponseErrors {
    private ResponseErrors() {}

    /** Takes an error code; 0 is none. */
    @FunctionalInterface
    interface Sink {
        void code(short code);
    }

    /** The code of an element of a response. */
    @FunctionalInterface
    private interface Code<E> {
        short of(E element);
    }

    /** Gives {@code sink} every error code in {@code response}, also those that say no error. */
    static void forEach(ResponseMessage response, Sink sink) {
        switch (response) {
            case ProduceResponse r ->
                    nested(r.responses(), t -> t.partitionResponses(), p -> p.errorCode(), sink);
            case FetchResponse r -> {
                sink.code(r.errorCode());
                nested(r.responses(), t -> t.partitions(), p -> p.errorCode(), sink);
            }
            case ListOffsetsResponse r ->
                    nested(r.topics(), t -> t.partitions(), p -> p.errorCode(), sink);
            case DeleteRecordsResponse r ->
                    nested(r.topics(), t -> t.partitions(), p -> p.errorCode(), sink);
            case OffsetForLeaderEpochResponse r ->
                    nested(r.topics(), t -> t.partitions(), p -> p.errorCode(), sink);
            default -> admin(response, sink);
        }
    }

    private static void admin(ResponseMessage response, Sink sink) {
        switch (response) {
            case ApiVersionsResponse r -> sink.code(r.errorCode());
            case InitProducerIdResponse r -> sink.code(r.errorCode());
            case DescribeClusterResponse r -> sink.code(r.errorCode());
            case MetadataResponse r -> each(r.topics(), t -> t.errorCode(), sink);
            case CreateTopicsResponse r -> each(r.topics(), t -> t.errorCode(), sink);
            case DeleteTopicsResponse r -> each(r.responses(), t -> t.errorCode(), sink);
            case CreatePartitionsResponse r -> each(r.results(), t -> t.errorCode(), sink);
            case DescribeConfigsResponse r -> each(r.results(), c -> c.errorCode(), sink);
            case AlterConfigsResponse r -> each(r.responses(), c -> c.errorCode(), sink);
            case IncrementalAlterConfigsResponse r -> each(r.responses(), c -> c.errorCode(), sink);
            case DescribeTopicPartitionsResponse r -> each(r.topics(), t -> t.errorCode(), sink);
            case LeatEraseKeysResponse r -> sink.code(r.errorCode());
            case LeatDescribeErasuresResponse r -> sink.code(r.errorCode());
            case LeatDescribeCompactionResponse r -> sink.code(r.errorCode());
            case LeatListDelayedResponse r -> sink.code(r.errorCode());
            case LeatCancelDelayedResponse r -> sink.code(r.errorCode());
            default -> group(response, sink);
        }
    }

    private static void group(ResponseMessage response, Sink sink) {
        switch (response) {
            case HeartbeatResponse r -> sink.code(r.errorCode());
            case JoinGroupResponse r -> sink.code(r.errorCode());
            case SyncGroupResponse r -> sink.code(r.errorCode());
            case ListGroupsResponse r -> sink.code(r.errorCode());
            case LeaveGroupResponse r -> {
                sink.code(r.errorCode());
                each(r.members(), m -> m.errorCode(), sink);
            }
            case FindCoordinatorResponse r -> {
                sink.code(r.errorCode());
                each(r.coordinators(), c -> c.errorCode(), sink);
            }
            case DescribeGroupsResponse r -> each(r.groups(), g -> g.errorCode(), sink);
            case DeleteGroupsResponse r -> each(r.results(), g -> g.errorCode(), sink);
            case OffsetCommitResponse r ->
                    nested(r.topics(), t -> t.partitions(), p -> p.errorCode(), sink);
            case OffsetDeleteResponse r -> {
                sink.code(r.errorCode());
                nested(r.topics(), t -> t.partitions(), p -> p.errorCode(), sink);
            }
            case OffsetFetchResponse r -> {
                sink.code(r.errorCode());
                nested(r.topics(), t -> t.partitions(), p -> p.errorCode(), sink);
                each(r.groups(), g -> g.errorCode(), sink);
            }
            default -> {} // a response without error codes
        }
    }

    private static <E> void each(List<E> elements, Code<E> code, Sink sink) {
        for (E element : elements) {
            sink.code(code.of(element));
        }
    }

    private static <T, P> void nested(
            List<T> topics, Function<T, List<P>> partitions, Code<P> code, Sink sink) {
        for (T topic : topics) {
            each(partitions.apply(topic), code, sink);
        }
    }
}
