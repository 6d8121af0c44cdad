package io.leat.tests.groups;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * Something that a group member lived through. Members in other processes print events as lines.
 *
 * @param nanos the monotonic clock of the machine, which all its processes share
 * @param numbers partitions; for {@link Kind#READ} one partition followed by the values read from
 *     it
 */
record Event(long nanos, Kind kind, List<Integer> numbers) {
    private static final String MARK = "event";

    enum Kind {
        /** Owns these partitions, from now on and in addition to what it had. */
        ASSIGNED,
        /** Gave these partitions back, its work on them committed. */
        REVOKED,
        /** Learned that it had been thrown out and no longer owned these. */
        LOST,
        /** Read records. */
        READ
    }

    static Event of(Kind kind, Collection<TopicPartition> partitions) {
        return new Event(
                System.nanoTime(), kind, partitions.stream().map(p -> p.partition()).toList());
    }

    static Event read(int partition, List<Integer> values) {
        var numbers = new java.util.ArrayList<>(List.of(partition));
        numbers.addAll(values);
        return new Event(System.nanoTime(), Kind.READ, List.copyOf(numbers));
    }

    String toLine() {
        return numbers.stream()
                .map(String::valueOf)
                .collect(Collectors.joining(",", MARK + " " + nanos + " " + kind + " ", ""));
    }

    /** The event in a line of output; empty for any other line. */
    static Optional<Event> fromLine(String line) {
        if (!line.startsWith(MARK + " ")) {
            return Optional.empty();
        }
        String[] parts = line.split(" ", -1);
        List<Integer> numbers =
                Arrays.stream(parts[3].split(",", -1))
                        .filter(number -> !number.isEmpty())
                        .map(Integer::valueOf)
                        .toList();
        return Optional.of(new Event(Long.parseLong(parts[1]), Kind.valueOf(parts[2]), numbers));
    }
}
