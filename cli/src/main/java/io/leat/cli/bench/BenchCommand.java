package io.leat.cli.bench;

import io.leat.cli.command.ClientOptions;
import io.leat.cli.command.CommandFailure;
import io.leat.cli.command.ExitCode;
import io.leat.cli.command.Progress;
import io.leat.cli.command.StopSignal;
import io.leat.cli.terminal.Report;
import io.leat.cli.terminal.Table;
import io.leat.cli.terminal.Terminal;
import io.leat.client.Acks;
import io.leat.client.ConnectionException;
import io.leat.client.Consumer;
import io.leat.client.ConsumerOptions;
import io.leat.client.NewTopic;
import io.leat.client.ProducerOptions;
import io.leat.client.TopicPartition;
import io.leat.wire.record.Compression;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code leat bench}. */
@Command(
        name = "bench",
        description = {
            "Put load on a broker and tell its throughput and latencies. Any broker of the Kafka",
            "protocol will do. Makes a topic for it, and deletes it afterwards.",
            "In a checkout, leat bench compare sets Apache Kafka and Leat side by side."
        },
        footer = {
            "%nExamples:",
            "  leat bench",
            "  leat bench --records 200000 --rate 2000 --partitions 1",
            "  leat bench --producers 8 --size 100 --compression lz4 --output json",
            "  leat bench --bootstrap broker.example:9092 --topic load --keep"
        })
public final class BenchCommand implements Callable<Integer> {
    private static final int VALUE_BYTES_MAX = 900_000;
    private static final int PRODUCERS_MAX = 1_000;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration STALLED = Duration.ofSeconds(30);
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final double MEGABYTE = 1e6;

    private final Terminal terminal;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private ClientOptions options;

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            description = "The topic to make (default: a name that is not taken).")
    private Optional<String> topic = Optional.empty();

    @Option(names = "--keep", description = "Do not delete the topic afterwards.")
    private boolean keep;

    @Option(
            names = {"-n", "--records"},
            paramLabel = "N",
            description = "How many records are measured (default: ${DEFAULT-VALUE}).")
    private long records = 1_000_000;

    @Option(
            names = {"-s", "--size"},
            paramLabel = "BYTES",
            description = "The size of each value (default: ${DEFAULT-VALUE}).")
    private int size = 1_024;

    @Option(
            names = {"-p", "--partitions"},
            paramLabel = "N",
            description = "Of the topic (default: ${DEFAULT-VALUE}).")
    private int partitions = 6;

    @Option(
            names = "--producers",
            paramLabel = "N",
            description = "How many send at the same time (default: ${DEFAULT-VALUE}).")
    private int producers = 1;

    @Option(
            names = {"-r", "--rate"},
            paramLabel = "N",
            description =
                    "Records a second of all producers together, each sent at once (default: as"
                            + " many as the broker takes, in batches).")
    private double rate;

    @Option(
            names = "--acks",
            paramLabel = "ACKS",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Acks acks = Acks.ALL;

    @Option(
            names = {"-z", "--compression"},
            paramLabel = "CODEC",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Compression compression = Compression.NONE;

    public BenchCommand(Terminal terminal) {
        this.terminal = terminal;
        this.options = new ClientOptions(terminal);
    }

    @Override
    public Integer call() {
        within("--records", records, 1, Long.MAX_VALUE / 4);
        within("--size", size, Load.STAMP_BYTES, VALUE_BYTES_MAX);
        within("--partitions", partitions, 1, 100_000);
        within("--producers", producers, 1, PRODUCERS_MAX);
        if (rate < 0) {
            throw new ParameterException(spec.commandLine(), "--rate must be 0 or more");
        }
        UUID run = UUID.randomUUID();
        String name = topic.orElse("leat-bench-" + run);
        // The first tenth is for compilers and caches.
        Load load = new Load(name, records, Math.max(1, records / 10), size, producers, rate);
        // From before the topic is there: Ctrl-C must not leave it.
        try (StopSignal stop = StopSignal.install(() -> {})) {
            options.withAdmin(admin -> {
                admin.createTopic(NewTopic.of(name, partitions));
                return name;
            });
            return run(load, run.getMostSignificantBits(), stop);
        }
    }

    private int run(Load load, long run, StopSignal stop) {
        try {
            options.output().show(measure(load, run, stop));
            return ExitCode.OK;
        } catch (ConnectionException e) {
            throw options.unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("Interrupted", e);
        } finally {
            if (!keep) {
                options.withAdmin(admin -> {
                    admin.deleteTopic(load.topic());
                    return load.topic();
                });
            }
        }
    }

    private static void check(StopSignal stop) {
        if (stop.isRequested()) {
            throw new CommandFailure("Interrupted");
        }
    }

    private void within(String option, long value, long min, long max) {
        if (value < min || value > max) {
            throw new ParameterException(
                    spec.commandLine(), option + " must be from " + min + " to " + max);
        }
    }

    private Report measure(Load load, long run, StopSignal stop) throws InterruptedException {
        ProducerOptions.Builder producing =
                ProducerOptions.builder(options.connection()).compression(compression).acks(acks);
        if (acks != Acks.ALL) {
            producing.idempotent(false);
        }
        if (rate > 0) {
            producing.linger(AT_ONCE);
        }
        Senders senders = new Senders(load, producing.build(), run);
        try (Follower follower = Follower.start(load, consuming(), run)) {
            try (Progress progress = progress("Producing", load.total())) {
                senders.run(() -> {
                    check(stop);
                    progress.at(senders.acknowledged());
                });
            }
            if (!follower.awaitAll(STALLED, () -> check(stop))) {
                throw new CommandFailure(
                        "Some of the records did not come back for %d s"
                                .formatted(STALLED.toSeconds()));
            }
            return report(load, senders, follower, replaySeconds(load, stop));
        }
    }

    private ConsumerOptions consuming() {
        return ConsumerOptions.builder(options.connection()).build();
    }

    private Progress progress(String task, long count) {
        return terminal.errIsTerminal()
                ? Progress.ofCount(task, count, terminal.err())
                : Progress.none();
    }

    /** Reads everything once more, from the start. */
    private double replaySeconds(Load load, StopSignal stop) {
        try (Progress progress = progress("Reading", load.total());
                Consumer<byte[], byte[]> consumer = Consumer.connect(consuming())) {
            List<TopicPartition> all = consumer.partitions(load.topic());
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long begin = System.nanoTime();
            long last = begin;
            for (long read = 0; read < load.total(); ) {
                check(stop);
                int fresh = consumer.poll(POLL).size();
                read += fresh;
                progress.at(read);
                if (fresh > 0) {
                    last = System.nanoTime();
                } else if (System.nanoTime() - last > STALLED.toNanos()) {
                    throw new CommandFailure(
                            "Only %,d of %,d records could be read again"
                                    .formatted(read, load.total()));
                }
            }
            return (System.nanoTime() - begin) / 1e9;
        }
    }

    private Report report(Load load, Senders senders, Follower follower, double replaySeconds) {
        double megabytes = load.records() * (double) load.sizeBytes() / MEGABYTE;
        double replayed = load.total() * (double) load.sizeBytes() / MEGABYTE;
        return new Report()
                .fact("Records", "records", load.records())
                .fact("Bytes each", "sizeBytes", load.sizeBytes())
                .fact("Seconds", "seconds", round(senders.seconds()))
                .fact("Records/s", "recordsPerSecond", round(load.records() / senders.seconds()))
                .fact("Produced, MB/s", "producedMbPerSecond", round(megabytes / senders.seconds()))
                .fact("Read again, MB/s", "readMbPerSecond", round(replayed / replaySeconds))
                .table(
                        "Latencies in ms",
                        "latenciesMs",
                        Table.of(
                                        List.of(
                                                new Row("acknowledged", senders.acks()),
                                                new Row("read", follower.ends())))
                                .text("UNTIL", "until", Row::until)
                                .number("P50", "p50", row -> row.at(50))
                                .number("P99", "p99", row -> row.at(99))
                                .number("P99.9", "p99_9", row -> row.at(99.9))
                                .number("MAX", "max", Row::max));
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }

    private record Row(String until, Latencies latencies) {
        double at(double percentile) {
            return round(latencies.percentileMillis(percentile));
        }

        double max() {
            return round(latencies.maxMillis());
        }
    }
}
