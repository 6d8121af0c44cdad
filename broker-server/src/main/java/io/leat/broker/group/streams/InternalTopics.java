package io.leat.broker.group.streams;

import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;

/** Makes the internal topics of applications. Any thread; never blocks. */
public interface InternalTopics {
    /**
     * Makes topics, each by itself; one that is there already is no failure.
     *
     * @return what was wrong with those that could not be made, by name; never completes
     *     exceptionally
     */
    CompletionStage<SortedMap<String, String>> create(List<InternalTopic> topics);
}
