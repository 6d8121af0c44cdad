package io.leat.cli.command;

import io.leat.cli.terminal.Table;
import io.leat.cli.terminal.Terminal;
import io.leat.client.Admin;
import io.leat.client.OffsetAndTimestamp;
import io.leat.client.OffsetSpec;
import io.leat.client.TopicDescription;
import io.leat.client.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leat groups reset-offsets}. */
@Command(
        name = "reset-offsets",
        description = {
            "Set where a group goes on reading. Its members must have left.",
            "Offsets outside of what is there are moved to its beginning or end.",
            "A share group delivers all from there on, also what it was done with."
        },
        footer = {
            "%nExamples:",
            "  leat groups reset-offsets billing --topic orders --to-earliest --dry-run",
            "  leat groups reset-offsets billing --topic orders:0,3 --shift-by -100",
            "  leat groups reset-offsets billing --all-topics --to-timestamp 2026-03-01T00:00:00Z"
        })
final class ResetOffsetsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private ClientOptions options;

    @Parameters(paramLabel = "GROUP", description = "The group's id.")
    private String groupId = "";

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "TOPIC[:PARTITION,...]",
            description = "Which topics or partitions; may be repeated.")
    private List<String> topics = List.of();

    @Option(names = "--all-topics", description = "All partitions that the group has offsets in.")
    private boolean allTopics;

    @ArgGroup(multiplicity = "1")
    private Target target = new Target();

    @Option(names = "--dry-run", description = "Show what would be done and do nothing.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    /** Where to. */
    static final class Target {
        @Option(names = "--to-earliest", description = "To the first record that is there.")
        private boolean earliest;

        @Option(names = "--to-latest", description = "Behind the last record.")
        private boolean latest;

        @Option(names = "--to-offset", paramLabel = "OFFSET", description = "To this offset.")
        private Optional<Long> offset = Optional.empty();

        @Option(
                names = "--to-timestamp",
                paramLabel = "TIME",
                description =
                        "To the first record at or after this time: ISO 8601 or milliseconds.")
        private Optional<String> timestamp = Optional.empty();

        @Option(
                names = "--shift-by",
                paramLabel = "N",
                description = "By this many records forward, or backward if negative.")
        private Optional<Long> shift = Optional.empty();
    }

    ResetOffsetsCommand(Terminal terminal) {
        this.terminal = terminal;
        this.options = new ClientOptions(terminal);
    }

    @Override
    public Integer call() {
        if (allTopics == !topics.isEmpty()) {
            throw usage("Name either --topic or --all-topics");
        }
        Optional<OffsetSpec> atTime = target.timestamp.map(this::specOfTime);
        List<TopicSelection> selections = topics.stream().map(this::selection).toList();
        return options.withAdmin(admin -> {
            GroupPositions positions = GroupPositions.of(admin, groupId);
            List<Move> moves = moves(admin, positions.current(), selections, atTime);
            options.output().show(table(moves));
            if (!dryRun) {
                reset(positions, moves);
            } else if (terminal.errIsTerminal()) {
                terminal.message("Nothing has been changed: this was a dry run.");
            }
            return ExitCode.OK;
        });
    }

    private void reset(GroupPositions positions, List<Move> moves) {
        terminal.flush();
        if (!yes && !terminal.confirm("Set the offsets of " + groupId + " like this?")) {
            throw new CommandFailure("Nothing changed");
        }
        Map<TopicPartition, Long> to = new HashMap<>();
        moves.forEach(move -> to.put(move.partition(), move.to()));
        positions.set(to);
    }

    private List<Move> moves(
            Admin admin,
            Map<TopicPartition, Long> positions,
            List<TopicSelection> selections,
            Optional<OffsetSpec> atTime) {
        Set<TopicPartition> partitions = partitions(admin, selections, positions.keySet());
        if (partitions.isEmpty()) {
            throw new CommandFailure("Group '" + groupId + "' has no offsets; name a --topic");
        }
        Map<TopicPartition, Long> first = offsets(admin, partitions, OffsetSpec.EARLIEST);
        Map<TopicPartition, Long> next = offsets(admin, partitions, OffsetSpec.LATEST);
        Map<TopicPartition, Long> timed =
                atTime.map(spec -> offsets(admin, partitions, spec)).orElse(Map.of());
        List<Move> moves = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            long begin = first.getOrDefault(partition, 0L);
            long end = next.getOrDefault(partition, begin);
            Optional<Long> from = Optional.ofNullable(positions.get(partition));
            long wanted = wanted(begin, end, from, Optional.ofNullable(timed.get(partition)));
            moves.add(new Move(partition, from, Math.clamp(wanted, begin, end), end));
        }
        return moves;
    }

    private long wanted(long begin, long end, Optional<Long> from, Optional<Long> timed) {
        if (target.earliest) {
            return begin;
        }
        if (target.latest) {
            return end;
        }
        if (target.timestamp.isPresent()) {
            return timed.orElse(end);
        }
        if (target.offset.isPresent()) {
            return target.offset.get();
        }
        return from.orElse(begin) + target.shift.orElse(0L);
    }

    private static Set<TopicPartition> partitions(
            Admin admin, List<TopicSelection> selections, Set<TopicPartition> committed) {
        if (selections.isEmpty()) {
            return new TreeSet<>(committed);
        }
        Set<TopicPartition> partitions = new TreeSet<>();
        for (TopicSelection selection : selections) {
            TopicDescription topic = admin.describeTopic(selection.topic());
            List<Integer> numbers = selection.partitions();
            if (numbers.isEmpty()) {
                numbers =
                        topic.partitions().stream()
                                .map(TopicDescription.Partition::number)
                                .toList();
            }
            for (int number : numbers) {
                if (number >= topic.partitions().size()) {
                    throw new CommandFailure(
                            "Topic '" + topic.name() + "' has no partition " + number);
                }
                partitions.add(new TopicPartition(topic.name(), number));
            }
        }
        return partitions;
    }

    private static Map<TopicPartition, Long> offsets(
            Admin admin, Set<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        partitions.forEach(partition -> specs.put(partition, spec));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (Map.Entry<TopicPartition, OffsetAndTimestamp> entry :
                admin.listOffsets(specs).entrySet()) {
            offsets.put(entry.getKey(), entry.getValue().offset());
        }
        return offsets;
    }

    private static Table<Move> table(List<Move> moves) {
        return Table.of(moves)
                .text("TOPIC", "topic", move -> move.partition().topic())
                .number("PARTITION", "partition", move -> move.partition().partition())
                .number("FROM", "from", Move::from)
                .number("TO", "to", Move::to)
                .number("LAG", "lag", move -> move.end() - move.to());
    }

    private OffsetSpec specOfTime(String text) {
        try {
            return OffsetSpec.atTimestampMillis(Timestamps.parseMillis(text));
        } catch (IllegalArgumentException e) {
            throw usage("--to-timestamp: " + e.getMessage());
        }
    }

    private TopicSelection selection(String text) {
        try {
            return TopicSelection.parse(text);
        } catch (IllegalArgumentException e) {
            throw usage("--topic: " + e.getMessage());
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** A change of one offset; {@code end} is the partition's next offset. */
    private record Move(TopicPartition partition, Optional<Long> from, long to, long end) {}
}
