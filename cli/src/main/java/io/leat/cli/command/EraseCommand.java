package io.leat.cli.command;

import io.leat.cli.terminal.Report;
import io.leat.cli.terminal.Terminal;
import io.leat.client.Admin;
import io.leat.client.Erasure;
import io.leat.client.KeyErasure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leat topics erase}. */
@Command(
        name = "erase",
        description = {
            "Erase every record of some keys, from all partitions and segments of a topic.",
            "",
            "All that was written before goes, compacted or not, tombstones too; the files that"
                    + " held it are deleted, and then all files are read again to see that none is"
                    + " left. What is written later stays. Ctrl-C ends the waiting, not the"
                    + " erasure: see 'leat topics erasures'.",
            "",
            "Consumers are not told, unless --tombstone leaves a tombstone of each key behind."
        },
        footer = {
            "%nExamples:",
            "  leat topics erase orders --key customer-17",
            "  leat topics erase orders --key-file leavers.txt --yes --output json",
            "  printf %%s \"$key\" | leat topics erase orders --key-file - --yes",
            "  leat topics erase events --key c0ffee --key-format hex --tombstone"
        })
final class EraseCommand implements Callable<Integer> {
    private static final int KEY_BYTES_MAX = 1 << 20;
    private static final Duration PAUSE_MIN = Duration.ofMillis(5);
    private static final Duration PAUSE_MAX = Duration.ofMillis(300);
    private static final Duration QUIET = Duration.ofSeconds(3);

    private final Terminal terminal;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private ClientOptions options;

    @Parameters(paramLabel = "TOPIC", description = "Its name.")
    private String topic = "";

    @Option(
            names = {"-k", "--key"},
            paramLabel = "KEY",
            description = "A key; may be repeated. Others may see it in the list of processes.")
    private List<String> keys = List.of();

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "Keys, one a line; - reads them from the input.")
    private Optional<String> keyFile = Optional.empty();

    @Option(
            names = "--key-format",
            paramLabel = "FORMAT",
            description = "How keys are written: ${COMPLETION-CANDIDATES} (default: string).")
    private KeyFormat keyFormat = KeyFormat.STRING;

    @Option(
            names = "--tombstone",
            description =
                    "Leave a tombstone of each key that had a value, for consumers that keep the"
                            + " latest value of each key. It holds the key.")
    private boolean tombstone;

    @Option(names = "--no-wait", description = "Start it, and do not wait for its end.")
    private boolean noWait;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask. Needed where nobody can be asked.")
    private boolean yes;

    EraseCommand(Terminal terminal) {
        this.terminal = terminal;
        this.options = new ClientOptions(terminal);
    }

    @Override
    public Integer call() throws IOException {
        List<byte[]> all = keys();
        if (all.isEmpty()) {
            throw usage("Say what to erase: --key or --key-file");
        }
        if (all.size() > KeyErasure.KEYS_MAX) {
            throw usage(
                    "%d keys are too many for one erasure, which takes %d: split them"
                            .formatted(all.size(), KeyErasure.KEYS_MAX));
        }
        confirm(all.size());
        KeyErasure erasure = new KeyErasure(topic, all, tombstone);
        return options.withAdmin(topic, admin -> erase(admin, erasure));
    }

    private void confirm(int count) {
        if (yes) {
            return;
        }
        boolean inputIsKeys = keyFile.filter("-"::equals).isPresent();
        if (inputIsKeys || !terminal.inIsTerminal() || !terminal.errIsTerminal()) {
            throw usage("Nobody can be asked here whether to erase; say --yes");
        }
        String question =
                "Erase all records of %d %s from %s? Nothing brings them back."
                        .formatted(count, count == 1 ? "key" : "keys", topic);
        if (!terminal.confirm(question)) {
            throw new CommandFailure("Nothing erased");
        }
    }

    private int erase(Admin admin, KeyErasure erasure) {
        UUID id = admin.eraseKeys(erasure);
        if (noWait) {
            options.output()
                    .done("Erasure " + id + " runs", new Report().fact("Erasure", "id", id));
            return ExitCode.OK;
        }
        Optional<Erasure> over = await(admin, id);
        if (over.isEmpty()) {
            terminal.message("leat: erasure " + id + " goes on: see 'leat topics erasures'");
            return ExitCode.INTERRUPTED;
        }
        Erasure ended = over.get();
        if (ended.state() != Erasure.State.DONE) {
            throw new CommandFailure(failure(ended));
        }
        options.output().show(report(ended));
        return ExitCode.OK;
    }

    /** Waits for the end; nothing where the person does not want to. */
    private Optional<Erasure> await(Admin admin, UUID id) {
        Thread waiting = Thread.currentThread();
        Erasure now = admin.describeErasure(id);
        try (StopSignal signal = StopSignal.install(() -> LockSupport.unpark(waiting));
                Progress progress = progress(now)) {
            Duration pause = PAUSE_MIN;
            long since = System.nanoTime();
            String told = "";
            while (!now.isOver() && !signal.isRequested()) {
                LockSupport.parkNanos(pause.toNanos());
                pause =
                        pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0
                                ? pause.multipliedBy(2)
                                : PAUSE_MAX;
                now = admin.describeErasure(id);
                progress.at(now.workBytesDone());
                String problem = now.problem().orElse("");
                boolean patient = System.nanoTime() - since < QUIET.toNanos();
                if (!problem.isEmpty() && !problem.equals(told) && !patient) {
                    terminal.message("leat: it waits: " + problem);
                    told = problem;
                }
            }
            return now.isOver() ? Optional.of(now) : Optional.empty();
        }
    }

    private Progress progress(Erasure erasure) {
        return terminal.errIsTerminal() && erasure.workBytes() > 0
                ? Progress.ofBytes("Erasing", erasure.workBytes(), terminal.err())
                : Progress.none();
    }

    private static String failure(Erasure erasure) {
        return erasure.state() == Erasure.State.TOPIC_DELETED
                ? "The topic " + erasure.topic() + " was deleted, and all its records with it"
                : "Not all is erased: "
                        + erasure.problem().orElse("the broker does not say why")
                        + " (%d records removed so far)".formatted(erasure.recordsRemoved());
    }

    private static Report report(Erasure erasure) {
        Duration took =
                Duration.between(erasure.accepted(), erasure.ended().orElse(erasure.accepted()));
        return new Report()
                .fact("Erasure", "id", erasure.id())
                .fact("Topic", "topic", erasure.topic())
                .fact("Keys", "keys", erasure.keyHashes().size())
                .fact("Records removed", "recordsRemoved", erasure.recordsRemoved())
                .fact("Bytes freed", "bytesFreed", erasure.bytesFreed())
                .fact("Segments rewritten", "segmentsRewritten", erasure.segmentsRewritten())
                .fact("Tombstones left", "tombstonesLeft", erasure.tombstonesLeft())
                .fact("Partitions", "partitions", erasure.partitionsDone())
                .fact("Records read again", "recordsVerified", erasure.recordsVerified())
                .fact("Records left", "recordsLeft", 0L)
                .fact("Milliseconds", "millis", took.toMillis());
    }

    private List<byte[]> keys() throws IOException {
        List<byte[]> all = new ArrayList<>();
        try {
            keys.forEach(key -> all.add(keyFormat.bytes(key)));
        } catch (IllegalArgumentException e) {
            throw usage("--key: " + e.getMessage());
        }
        if (keyFile.isPresent()) {
            String file = keyFile.get();
            if (file.equals("-")) {
                read(terminal.in(), all);
            } else {
                readFile(Path.of(file), all);
            }
        }
        return all;
    }

    private void readFile(Path file, List<byte[]> all) {
        if (Files.isDirectory(file)) {
            throw new CommandFailure("Cannot read " + file + ": it is a directory, not a file");
        }
        if (!Files.isReadable(file)) {
            throw new CommandFailure(
                    "Cannot read " + file + (Files.exists(file) ? "" : ": there is no such file"));
        }
        try (InputStream in = Files.newInputStream(file)) {
            read(in, all);
        } catch (IOException e) {
            throw new CommandFailure("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private void read(InputStream in, List<byte[]> all) throws IOException {
        LineReader lines = new LineReader(in, KEY_BYTES_MAX);
        int number = 0;
        for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
            number++;
            String key = new String(line.get(), StandardCharsets.UTF_8);
            if (key.isEmpty()) {
                continue;
            }
            try {
                // A string's bytes as they are, whatever their encoding.
                all.add(keyFormat == KeyFormat.STRING ? line.get() : keyFormat.bytes(key.strip()));
            } catch (IllegalArgumentException e) {
                throw usage("--key-file, line %d: %s".formatted(number, e.getMessage()));
            }
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
