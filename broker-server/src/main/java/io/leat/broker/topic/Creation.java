package io.leat.broker.topic;

/** What became of a topic that was to be created. */
public sealed interface Creation {
    /**
     * It is there.
     *
     * @param topic the topic
     */
    record Made(Topic topic) implements Creation {}

    /**
     * It is not.
     *
     * @param why as {@link TopicCatalog#check}, and KAFKA_STORAGE_ERROR
     */
    record Refused(TopicException why) implements Creation {}
}
