package io.leat.broker.group;

import io.leat.broker.group.streams.InternalTopic;
import io.leat.broker.group.streams.InternalTopics;
import io.leat.broker.topic.Creation;
import io.leat.broker.topic.NewTopic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.List;
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
        List<NewTopic> wanted = new ArrayList<>();
        for (InternalTopic topic : topics) {
            if (topic.replicationFactor() > 1) {
                failures.put(
                        topic.name(),
                        "a replication factor of %d needs as many brokers, and there is 1"
                                .formatted(topic.replicationFactor()));
            } else {
                wanted.add(new NewTopic(topic.name(), topic.partitions(), topic.configs()));
            }
        }
        List<Creation> created = catalog.create(wanted);
        for (int i = 0; i < wanted.size(); i++) {
            // One that exists was made by another member of the group, which was faster.
            if (created.get(i) instanceof Creation.Refused refused
                    && refused.why().error() != ErrorCode.TOPIC_ALREADY_EXISTS) {
                failures.put(wanted.get(i).name(), String.valueOf(refused.why().getMessage()));
            }
        }
        return failures;
    }
}
