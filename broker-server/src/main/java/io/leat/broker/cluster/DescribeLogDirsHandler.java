package io.leat.broker.cluster;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.storage.api.LogBounds;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.DescribeLogDirsRequest;
import io.leat.wire.message.DescribeLogDirsRequest.DescribableLogDirTopic;
import io.leat.wire.message.DescribeLogDirsResponse;
import io.leat.wire.message.DescribeLogDirsResponse.DescribeLogDirsPartition;
import io.leat.wire.message.DescribeLogDirsResponse.DescribeLogDirsResult;
import io.leat.wire.message.DescribeLogDirsResponse.DescribeLogDirsTopic;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Says how many bytes partitions take, and how much room their disk has. */
final class DescribeLogDirsHandler
        implements ApiHandler<DescribeLogDirsRequest, DescribeLogDirsResponse> {
    private static final long UNKNOWN = -1;

    private final TopicCatalog topics;
    private final Path logDirectory;
    private final Executor blocking;

    DescribeLogDirsHandler(TopicCatalog topics, Path logDirectory, Executor blocking) {
        this.topics = topics;
        this.logDirectory = logDirectory;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<DescribeLogDirsResponse> handle(
            RequestContext context, DescribeLogDirsRequest request) {
        return CompletableFuture.supplyAsync(() -> describe(request), blocking);
    }

    private DescribeLogDirsResponse describe(DescribeLogDirsRequest request) {
        List<DescribeLogDirsTopic> described = new ArrayList<>();
        List<DescribableLogDirTopic> asked = request.topics();
        if (asked == null) {
            topics.all().forEach(topic -> described.add(topic(topic, topic.partitions())));
        } else {
            for (DescribableLogDirTopic topic : asked) {
                topics.find(topic.topic())
                        .map(found -> topic(found, partitions(found, topic.partitions())))
                        .filter(found -> !found.partitions().isEmpty())
                        .ifPresent(described::add);
            }
        }
        long total = UNKNOWN;
        long usable = UNKNOWN;
        try {
            FileStore volume = Files.getFileStore(logDirectory);
            total = volume.getTotalSpace();
            usable = volume.getUsableSpace();
        } catch (IOException e) {
            // The sizes of the partitions are known all the same.
        }
        return new DescribeLogDirsResponse(
                0,
                ErrorCode.NONE.code(),
                List.of(
                        new DescribeLogDirsResult(
                                ErrorCode.NONE.code(),
                                logDirectory.toString(),
                                described,
                                total,
                                usable,
                                false)));
    }

    private static List<Partition> partitions(Topic topic, List<Integer> numbers) {
        return numbers.stream().distinct().flatMap(n -> topic.partition(n).stream()).toList();
    }

    private static DescribeLogDirsTopic topic(Topic topic, List<Partition> partitions) {
        return new DescribeLogDirsTopic(
                topic.name(), partitions.stream().map(DescribeLogDirsHandler::partition).toList());
    }

    /** The lag is what no force has covered yet: the rest is what consumers can read. */
    private static DescribeLogDirsPartition partition(Partition partition) {
        LogBounds bounds = partition.log().bounds();
        return new DescribeLogDirsPartition(
                partition.number(),
                partition.log().details().sizeBytes(),
                Math.max(0, bounds.writtenEnd() - bounds.durableEnd()),
                false);
    }
}
