package io.leat.cli.command;

import io.leat.cli.terminal.Terminal;
import io.leat.client.BrokerException;
import io.leat.client.ConnectionException;
import io.leat.client.Consumer;
import io.leat.client.ConsumerOptions;
import io.leat.client.ConsumerRecord;
import io.leat.client.OffsetReset;
import io.leat.client.TopicPartition;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leat consume}. */
@Command(
        name = "consume",
        description = {
            "Print the records of a topic: those that come from now on, until Ctrl-C, or others by",
            "the options below. Bytes are printed as they are."
        },
        footer = {
            "%nTemplates of --format:",
            "  %%k  key             %%K  its length in bytes, -1 for null",
            "  %%v  value           %%V  its length in bytes, -1 for null",
            "  %%t  topic           %%p  partition                         %%o  offset",
            "  %%T  timestamp in milliseconds since 1970   %%D  timestamp in ISO 8601 (UTC)",
            "  %%h  headers as name=value,...              %%%%  a per cent sign",
            "  \\n \\t \\r \\0 \\xHH \\\\   as in most languages",
            "%nExamples:",
            "  leat consume orders",
            "  leat consume orders --group billing",
            "  leat consume orders --from-beginning --max 10 --format '%%p %%o %%k %%v\\n'",
            "  leat consume orders --timestamp 2026-03-01T12:00:00Z --exit-at-end --output json"
        })
public final class ConsumeCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final String VALUE_LINES = "%v\\n";

    private final Terminal terminal;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private ClientOptions options;

    @Parameters(paramLabel = "TOPIC", description = "Where from.")
    private String topic = "";

    @ArgGroup private Start start = new Start();

    @Option(
            names = {"-g", "--group"},
            paramLabel = "GROUP",
            description =
                    "Share the partitions with the other members of this group, go on where it was"
                            + " and commit what was printed. Without a commit it starts like"
                            + " without a group.")
    private Optional<String> group = Optional.empty();

    @Option(
            names = {"-p", "--partition"},
            paramLabel = "N",
            split = ",",
            description = "Only this partition, or these: 0,3 (default: all).")
    private List<Integer> partitions = List.of();

    @Option(
            names = {"-n", "--max"},
            paramLabel = "N",
            description = "Stop after so many records.")
    private Optional<Long> max = Optional.empty();

    @Option(
            names = {"-e", "--exit-at-end"},
            description = "Stop at what is the topic's end when the command starts.")
    private boolean exitAtEnd;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "TEMPLATE",
            description = "How to print a record (default: %%v\\n); see below.")
    private Optional<String> template = Optional.empty();

    /** Where to start. */
    static final class Start {
        @Option(
                names = {"-a", "--from-beginning"},
                description = "Start at the first record that is there.")
        private boolean beginning;

        @Option(
                names = "--offset",
                paramLabel = "N",
                description =
                        "Start at this offset; if negative, so many records in front of the end."
                                + " Never outside of what is there.")
        private Optional<Long> offset = Optional.empty();

        @Option(
                names = "--timestamp",
                paramLabel = "TIME",
                description =
                        "Start at the first record at or after this time: ISO 8601 or"
                                + " milliseconds.")
        private Optional<String> timestamp = Optional.empty();
    }

    public ConsumeCommand(Terminal terminal) {
        this.terminal = terminal;
        this.options = new ClientOptions(terminal);
    }

    @Override
    public Integer call() {
        RecordFormat format = format();
        Optional<Long> startMillis = start.timestamp.map(this::millis);
        checkUsage();
        try {
            consume(format, startMillis);
        } catch (ConnectionException e) {
            throw options.unreachable(e);
        } catch (BrokerException e) {
            throw options.explained(topic, e);
        }
        return ExitCode.OK;
    }

    private void checkUsage() {
        if (max.isPresent() && max.get() < 0) {
            throw usage("--max must be 0 or more");
        }
        if (partitions.stream().anyMatch(number -> number < 0)) {
            throw usage("--partition must be 0 or more");
        }
        if (group.isPresent() && group.get().isEmpty()) {
            throw usage("--group must not be empty");
        }
        boolean placed =
                start.offset.isPresent() || start.timestamp.isPresent() || !partitions.isEmpty();
        if (group.isPresent() && placed) {
            throw usage(
                    "--group decides by itself which partitions are read and from where: leave out"
                            + " --partition, --offset and --timestamp, or set the group's offsets"
                            + " with leat groups reset-offsets");
        }
    }

    private RecordFormat format() {
        if (options.isJson()) {
            if (template.isPresent()) {
                throw usage("Name either --format or --output json");
            }
            return new RecordJson();
        }
        try {
            return RecordTemplate.parse(template.orElse(VALUE_LINES));
        } catch (IllegalArgumentException e) {
            throw usage("--format: " + e.getMessage());
        }
    }

    private void consume(RecordFormat format, Optional<Long> startMillis) {
        Consumer<byte[], byte[]> consumer = Consumer.connect(settings());
        // Closed in reverse: the process may end when the consumer has committed and left.
        try (StopSignal stop = StopSignal.install(consumer::wakeup);
                consumer) {
            List<TopicPartition> chosen = chosen(consumer.partitions(topic));
            Map<TopicPartition, Long> ends = exitAtEnd ? consumer.endOffsets(chosen) : Map.of();
            if (group.isPresent()) {
                consumer.subscribe(List.of(topic));
            } else {
                consumer.assign(chosen);
                seek(consumer, chosen, startMillis);
            }
            long left = max.orElse(Long.MAX_VALUE);
            while (left > 0 && !stop.isRequested() && !(exitAtEnd && isAt(ends, consumer))) {
                left -= printSome(consumer, left, format);
            }
        }
    }

    private ConsumerOptions settings() {
        ConsumerOptions.Builder settings =
                ConsumerOptions.builder(options.connection())
                        .offsetReset(start.beginning ? OffsetReset.EARLIEST : OffsetReset.LATEST);
        group.ifPresent(settings::groupId);
        return settings.build();
    }

    private List<TopicPartition> chosen(List<TopicPartition> all) {
        for (int number : partitions) {
            if (number >= all.size()) {
                throw new CommandFailure(
                        "Topic '%s' has no partition %d, only 0 to %d"
                                .formatted(topic, number, all.size() - 1));
            }
        }
        return partitions.isEmpty()
                ? all
                : all.stream().filter(each -> partitions.contains(each.partition())).toList();
    }

    private void seek(
            Consumer<?, ?> consumer, List<TopicPartition> chosen, Optional<Long> startMillis) {
        if (start.beginning) {
            consumer.seekToBeginning(chosen);
        } else if (start.offset.isPresent()) {
            seekToOffset(consumer, chosen, start.offset.get());
        } else if (startMillis.isPresent()) {
            seekToTime(consumer, chosen, startMillis.get());
        } else {
            consumer.seekToEnd(chosen);
        }
        // What is sent from now on shall be seen, so the end has to be known now.
        chosen.forEach(consumer::position);
    }

    private static void seekToOffset(
            Consumer<?, ?> consumer, List<TopicPartition> chosen, long offset) {
        Map<TopicPartition, Long> first = consumer.beginningOffsets(chosen);
        Map<TopicPartition, Long> next = consumer.endOffsets(chosen);
        for (TopicPartition partition : chosen) {
            long begin = first.getOrDefault(partition, 0L);
            long end = Math.max(begin, next.getOrDefault(partition, begin));
            long wanted = offset < 0 ? end + Math.max(offset, -end) : offset;
            consumer.seek(partition, Math.clamp(wanted, begin, end));
        }
    }

    private static void seekToTime(
            Consumer<?, ?> consumer, List<TopicPartition> chosen, long millis) {
        Map<TopicPartition, Long> times = new HashMap<>();
        chosen.forEach(partition -> times.put(partition, millis));
        // Where all is older, the start is the end.
        consumer.seekToEnd(chosen);
        consumer.offsetsForTimes(times)
                .forEach((partition, found) -> consumer.seek(partition, found.offset()));
    }

    private static boolean isAt(Map<TopicPartition, Long> ends, Consumer<?, ?> consumer) {
        Set<TopicPartition> assigned = consumer.assignment();
        return !assigned.isEmpty()
                && assigned.stream()
                        .allMatch(each -> consumer.position(each) >= ends.getOrDefault(each, 0L));
    }

    /** Prints what there is, up to {@code countMax} records; returns how many. */
    private int printSome(Consumer<byte[], byte[]> consumer, long countMax, RecordFormat format) {
        List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL);
        int printed = 0;
        try {
            int count = (int) Math.min(countMax, records.size());
            print(records.subList(0, count), format);
            printed = count;
        } finally {
            // The group's next member shall see what was not printed here.
            goBack(consumer, records.subList(printed, records.size()));
        }
        return printed;
    }

    private void print(List<ConsumerRecord<byte[], byte[]>> records, RecordFormat format) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            format.append(record, text);
        }
        terminal.write(text.toByteArray());
        terminal.flush();
    }

    private static void goBack(
            Consumer<?, ?> consumer, List<ConsumerRecord<byte[], byte[]>> unprinted) {
        Map<TopicPartition, Long> first = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : unprinted) {
            first.putIfAbsent(record.topicPartition(), record.offset());
        }
        first.forEach(consumer::seek);
    }

    private long millis(String text) {
        try {
            return Timestamps.parseMillis(text);
        } catch (IllegalArgumentException e) {
            throw usage("--timestamp: " + e.getMessage());
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
