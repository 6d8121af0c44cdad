package io.leat.broker.api;

import java.util.Collection;
import java.util.List;

/**
 * The configurations of one type of resource: what DescribeConfigs shows, AlterConfigs and
 * IncrementalAlterConfigs change, and ListConfigResources lists. A new type of resource is one more
 * of these, added to {@link ConfigDomains} where the broker is composed.
 */
public interface ConfigDomain {
    /** The type, as the protocol numbers it (Kafka's ConfigResource.Type). */
    byte type();

    /** The resources that have a configuration, for ListConfigResources. */
    Collection<String> names();

    /**
     * Every config of a resource.
     *
     * @throws io.leat.broker.topic.TopicException what the client is told instead
     */
    List<ConfigValue> describe(String name);

    /**
     * Changes a resource's configuration, all of it or nothing. Blocks on the disk.
     *
     * @param validateOnly checks, and changes nothing
     * @throws io.leat.broker.topic.TopicException what the client is told
     */
    void alter(String name, ConfigUpdate update, boolean validateOnly);
}
