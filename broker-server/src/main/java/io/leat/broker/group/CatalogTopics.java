package io.leat.broker.group;

import io.leat.broker.group.assign.TopicImage;
import io.leat.broker.group.assign.Topics;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** The topics of the broker's catalog. */
public final class CatalogTopics implements Topics {
    private final TopicCatalog catalog;
    private volatile TopicImage image = new TopicImage(-1, List.of());

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
    public TopicImage image() {
        TopicImage latest = image;
        // Before the topics: when they change meanwhile, the image is made again the next time.
        long version = catalog.version();
        if (latest.version() != version) {
            latest =
                    new TopicImage(
                            version, catalog.all().stream().map(CatalogTopics::info).toList());
            image = latest;
        }
        return latest;
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
