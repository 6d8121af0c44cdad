package io.leat.broker.cluster;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.topic.TopicCatalog;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.AlterReplicaLogDirsRequest;
import io.leat.wire.message.AlterReplicaLogDirsRequest.AlterReplicaLogDir;
import io.leat.wire.message.AlterReplicaLogDirsRequest.AlterReplicaLogDirTopic;
import io.leat.wire.message.AlterReplicaLogDirsResponse;
import io.leat.wire.message.AlterReplicaLogDirsResponse.AlterReplicaLogDirPartitionResult;
import io.leat.wire.message.AlterReplicaLogDirsResponse.AlterReplicaLogDirTopicResult;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Moves partitions to the one directory that there is: what is there already stays, and no other
 * directory exists.
 */
final class AlterReplicaLogDirsHandler
        implements ApiHandler<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse> {
    private final TopicCatalog topics;
    private final Path logDirectory;

    AlterReplicaLogDirsHandler(TopicCatalog topics, Path logDirectory) {
        this.topics = topics;
        this.logDirectory = logDirectory;
    }

    @Override
    public CompletionStage<AlterReplicaLogDirsResponse> handle(
            RequestContext context, AlterReplicaLogDirsRequest request) {
        Map<String, List<AlterReplicaLogDirPartitionResult>> results = new LinkedHashMap<>();
        for (AlterReplicaLogDir directory : request.dirs()) {
            for (AlterReplicaLogDirTopic topic : directory.topics()) {
                for (int partition : topic.partitions()) {
                    ErrorCode outcome = outcome(directory.path(), topic.name(), partition);
                    results.computeIfAbsent(topic.name(), name -> new ArrayList<>())
                            .add(new AlterReplicaLogDirPartitionResult(partition, outcome.code()));
                }
            }
        }
        return CompletableFuture.completedFuture(
                new AlterReplicaLogDirsResponse(
                        0,
                        results.entrySet().stream()
                                .map(entry ->
                                        new AlterReplicaLogDirTopicResult(
                                                entry.getKey(), entry.getValue()))
                                .toList()));
    }

    private ErrorCode outcome(String path, String topic, int partition) {
        if (!isLogDirectory(path)) {
            return ErrorCode.LOG_DIR_NOT_FOUND;
        }
        return topics.find(topic).flatMap(found -> found.partition(partition)).isPresent()
                ? ErrorCode.NONE
                : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }

    private boolean isLogDirectory(String path) {
        try {
            return Path.of(path).isAbsolute() && Path.of(path).normalize().equals(logDirectory);
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
