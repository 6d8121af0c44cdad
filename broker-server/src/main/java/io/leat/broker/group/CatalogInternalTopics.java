package io.leat.broker.group;

import io.leat.broker.group.streams.InternalTopic;
import io.leat.broker.group.streams.InternalTopics;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicException;
import io.leat.storage.api.StorageException;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Makes the internal topics of applications in the broker's catalog. */
public final class CatalogInternalTopics implements InternalTopics {
    private final TopicCatalog catalog;
    private final Executor blocking;

    /**
     * @param blocking where it is no harm to wait for the disk
     */
    public CatalogInternalTopics(TopicCatalog catalog, Executor blocking) {
        this.catalog = catalog;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<SortedMap<String, String>> create(List<InternalTopic> topics) {
        return CompletableFuture.supplyAsync(() -> createAll(topics), blocking);
    }

    private SortedMap<String, String> createAll(List<InternalTopic> topics) {
        SortedMap<String, String> failures = new TreeMap<>();
        for (InternalTopic topic : topics) {
            failure(topic).ifPresent(why -> failures.put(topic.name(), why));
        }
        return failures;
    }

    private Optional<String> failure(InternalTopic topic) {
        if (topic.replicationFactor() > 1) {
            return Optional.of(
                    "a replication factor of "
                            + topic.replicationFactor()
                            + " needs as many brokers, and there is 1");
        }
        try {
            catalog.create(topic.name(), topic.partitions(), topic.configs());
            return Optional.empty();
        } catch (TopicException e) {
            // Another member of the group was faster.
            return e.error() == ErrorCode.TOPIC_ALREADY_EXISTS
                    ? Optional.empty()
                    : Optional.of(String.valueOf(e.getMessage()));
        } catch (StorageException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
