package io.leat.cli.command;

import java.util.Arrays;
import java.util.List;

/**
 * A topic, or some of its partitions.
 *
 * @param topic its name
 * @param partitions their numbers; empty for all
 */
record TopicSelection(String topic, List<Integer> partitions) {
    /**
     * Reads {@code topic} or {@code topic:0,3}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static TopicSelection parse(String text) {
        int colon = text.indexOf(':');
        String topic = colon < 0 ? text : text.substring(0, colon);
        if (topic.isEmpty()) {
            throw new IllegalArgumentException("'" + text + "' names no topic");
        }
        if (colon < 0) {
            return new TopicSelection(topic, List.of());
        }
        List<Integer> numbers =
                Arrays.stream(text.substring(colon + 1).split(",", -1))
                        .map(number -> partition(text, number))
                        .toList();
        return new TopicSelection(topic, numbers);
    }

    private static int partition(String text, String number) {
        try {
            int partition = Integer.parseInt(number);
            if (partition >= 0) {
                return partition;
            }
        } catch (NumberFormatException e) {
            // As wrong as one below 0.
        }
        throw new IllegalArgumentException("'" + text + "' should be like orders or orders:0,3");
    }
}
