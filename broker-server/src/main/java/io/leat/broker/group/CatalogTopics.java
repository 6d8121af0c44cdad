package io.leat.broker.group;

import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** The topics of the broker's catalog. */
public final class CatalogTopics implements Topics {
    private final TopicCatalog catalog;

    public CatalogTopics(TopicCatalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public Optional<TopicInfo> find(String name) {
        return catalog.find(name).map(CatalogTopics::info);
    }

    @Override
    public Optional<TopicInfo> find(UUID id) {
        return catalog.find(id).map(CatalogTopics::info);
    }

    @Override
    public OptionalLong highWatermark(UUID topicId, int partition) {
        return catalog.find(topicId)
                .flatMap(topic -> topic.partition(partition))
                .map(found -> OptionalLong.of(found.highWatermark()))
                .orElse(OptionalLong.empty());
    }

    private static TopicInfo info(Topic topic) {
        return new TopicInfo(topic.id(), topic.name(), topic.partitions().size());
    }
}
