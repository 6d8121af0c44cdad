package io.leat.broker.topic;

import io.leat.broker.partition.Partition;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A topic as it stands. Immutable: a change makes a new one.
 *
 * @param name its name
 * @param id its id, which no other topic ever had or will have
 * @param config its configuration
 * @param partitions its partitions, by number
 */
public record Topic(String name, UUID id, TopicConfig config, List<Partition> partitions) {
    /** The partition of that number, if there is one. */
    public Optional<Partition> partition(int number) {
        return number >= 0 && number < partitions.size()
                ? Optional.of(partitions.get(number))
                : Optional.empty();
    }

    /** Whether Kafka keeps the topic's name for itself. */
    public boolean internal() {
        return TopicName.internal(name);
    }
}
