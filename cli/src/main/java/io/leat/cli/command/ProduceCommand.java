package io.leat.cli.command;

import io.leat.cli.terminal.Report;
import io.leat.cli.terminal.Terminal;
import io.leat.client.BrokerException;
import io.leat.client.ConnectionException;
import io.leat.client.LeatClientException;
import io.leat.client.Producer;
import io.leat.client.ProducerOptions;
import io.leat.client.ProducerRecord;
import io.leat.client.RecordMetadata;
import io.leat.wire.record.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leat produce}. */
@Command(
        name = "produce",
        description = "Send records to a topic: one for each line of standard input or of a file.",
        footer = {
            "%nExamples:",
            "  leat produce orders < orders.ndjson",
            "  echo 'k1:hello' | leat produce orders --key-separator :",
            "  leat produce orders --file orders.ndjson --compression zstd --header source=import"
        })
public final class ProduceCommand implements Callable<Integer> {
    private static final int LINE_BYTES_MAX = 64 << 20;

    /** The longest line, with headers. */
    private static final int REQUEST_BYTES_MAX = LINE_BYTES_MAX + (1 << 20);

    private final Terminal terminal;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private ClientOptions options;

    @Parameters(paramLabel = "TOPIC", description = "Where to.")
    private String topic = "";

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Read this file and not standard input.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = {"-k", "--key-separator"},
            paramLabel = "TEXT",
            description = "What stands between key and value; a line without it has no key.")
    private Optional<String> keySeparator = Optional.empty();

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME=VALUE",
            description = "A header for every record; may be repeated.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Option(
            names = {"-z", "--compression"},
            paramLabel = "CODEC",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Compression compression = Compression.NONE;

    @Option(
            names = {"-p", "--partition"},
            paramLabel = "N",
            description = "The partition (default: by the key, else any).")
    private Optional<Integer> partition = Optional.empty();

    public ProduceCommand(Terminal terminal) {
        this.terminal = terminal;
        this.options = new ClientOptions(terminal);
    }

    @Override
    public Integer call() {
        if (partition.isPresent() && partition.get() < 0) {
            throw new ParameterException(spec.commandLine(), "--partition must be 0 or more");
        }
        if (keySeparator.isPresent() && keySeparator.get().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--key-separator must not be empty");
        }
        ProducerOptions settings =
                ProducerOptions.builder(options.connection())
                        .compression(compression)
                        .requestBytesMax(REQUEST_BYTES_MAX)
                        .bufferBytes(REQUEST_BYTES_MAX)
                        .build();
        if (file.isEmpty() && terminal.inIsTerminal() && terminal.errIsTerminal()) {
            terminal.message("One record a line; Ctrl-D ends.");
        }
        long start = System.nanoTime();
        try (InputStream in = open();
                Producer<byte[], byte[]> producer = Producer.connect(settings)) {
            Sent sent = send(in, producer);
            report(sent, (System.nanoTime() - start) / 1e9);
            return ExitCode.OK;
        } catch (ConnectionException e) {
            throw options.unreachable(e);
        } catch (IOException e) {
            throw new CommandFailure("Cannot read the records: " + e.getMessage(), e);
        }
    }

    private InputStream open() throws IOException {
        if (file.isEmpty()) {
            return terminal.in();
        }
        Path path = file.get();
        if (Files.isDirectory(path) || !Files.isReadable(path)) {
            throw new CommandFailure(
                    "Cannot read " + path + (Files.exists(path) ? "" : ": there is no such file"));
        }
        return Files.newInputStream(path);
    }

    private Sent send(InputStream in, Producer<byte[], byte[]> producer) throws IOException {
        AtomicReference<@Nullable Unsent> failure = new AtomicReference<>();
        LineReader lines = new LineReader(in, LINE_BYTES_MAX);
        long count = 0;
        try (Progress progress = progress()) {
            Optional<byte[]> line = lines.next();
            while (line.isPresent() && failure.get() == null) {
                count++;
                long number = count;
                var _ =
                        send(producer, record(line.get()), number)
                                .whenComplete((sent, error) -> {
                                    if (error != null) {
                                        failure.compareAndSet(null, new Unsent(number, error));
                                    }
                                });
                progress.at(lines.bytesRead());
                line = lines.next();
            }
            producer.flush();
        }
        Unsent unsent = failure.get();
        if (unsent != null) {
            throw failed(unsent);
        }
        return new Sent(count, lines.bytesRead());
    }

    private static CompletableFuture<RecordMetadata> send(
            Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record, long line) {
        try {
            return producer.send(record);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    "Line %d cannot be sent: %s; split it, or give it fewer headers"
                            .formatted(line, e.getMessage()),
                    e);
        }
    }

    private static RuntimeException failed(Unsent unsent) {
        Throwable error = unsent.error();
        Throwable cause =
                error instanceof CompletionException wrapped && wrapped.getCause() != null
                        ? wrapped.getCause()
                        : error;
        // A broker refuses what is in a line; what else goes wrong is no line's fault.
        return cause instanceof LeatClientException known && !(known instanceof BrokerException)
                ? known
                : new CommandFailure(
                        "Line %d cannot be sent: %s".formatted(unsent.line(), cause.getMessage()),
                        cause);
    }

    private Progress progress() throws IOException {
        return file.isPresent() && terminal.errIsTerminal()
                ? Progress.ofBytes("Producing", Files.size(file.get()), terminal.err())
                : Progress.none();
    }

    private ProducerRecord<byte[], byte[]> record(byte[] line) {
        byte[] key = null;
        byte[] value = line;
        if (keySeparator.isPresent()) {
            byte[] separator = keySeparator.get().getBytes(StandardCharsets.UTF_8);
            int at = indexOf(line, separator);
            if (at >= 0) {
                key = Arrays.copyOf(line, at);
                value = Arrays.copyOfRange(line, at + separator.length, line.length);
            }
        }
        ProducerRecord<byte[], byte[]> record = ProducerRecord.of(topic, key, value);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            record =
                    record.withHeader(
                            header.getKey(), header.getValue().getBytes(StandardCharsets.UTF_8));
        }
        return partition.isPresent() ? record.withPartition(partition.get()) : record;
    }

    private static int indexOf(byte[] line, byte[] separator) {
        for (int i = 0; i + separator.length <= line.length; i++) {
            if (Arrays.equals(line, i, i + separator.length, separator, 0, separator.length)) {
                return i;
            }
        }
        return -1;
    }

    private void report(Sent sent, double seconds) {
        options.output()
                .done(
                        "Produced %,d %s (%,d bytes) to %s in %.1f s"
                                .formatted(
                                        sent.records(),
                                        sent.records() == 1 ? "record" : "records",
                                        sent.bytes(),
                                        topic,
                                        seconds),
                        new Report()
                                .fact("Topic", "topic", topic)
                                .fact("Records", "records", sent.records())
                                .fact("Bytes", "bytes", sent.bytes())
                                .fact("Seconds", "seconds", seconds));
    }

    private record Sent(long records, long bytes) {}

    /** The first line, from 1, of those that were not delivered. */
    private record Unsent(long line, Throwable error) {}
}
