package io.leat.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.leat.broker.Broker;
import io.leat.broker.offline.OfflineData;
import io.leat.broker.offline.OfflineData.FileCheck;
import io.leat.broker.offline.OfflineData.Flaw;
import io.leat.cli.terminal.Json;
import io.leat.cli.terminal.Output;
import io.leat.cli.terminal.OutputFormat;
import io.leat.cli.terminal.Report;
import io.leat.cli.terminal.Table;
import io.leat.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code leat log}. */
@Command(
        name = "log",
        description = "Look at the files of a data directory, without a broker.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "%nExamples:",
            "  leat log verify data",
            "  leat log dump data/logs/orders.*/0/00000000000000000000.log --records",
            "  leat log verify data --output json"
        })
public final class LogCommand {
    private final Terminal terminal;

    public LogCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    private record Finding(FileCheck file, Flaw flaw) {}

    @Command(
            description = {
                "Read every file of a data directory and say what is wrong with it.",
                "Nothing is changed. No broker may run on it meanwhile.",
                "The exit code is 0 where all is sound, and 1 where something is lost."
            })
    int verify(
            @Parameters(paramLabel = "DIR", description = "The data directory.") Path directory,
            @Option(names = "--all", description = "List all files, not only those with flaws.")
                    boolean all,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FORMAT",
                            defaultValue = "table",
                            description =
                                    "How results are printed: ${COMPLETION-CANDIDATES} (default:"
                                            + " table).")
                    OutputFormat format) {
        OfflineData data = Broker.offline();
        List<FileCheck> files = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            throw new CommandFailure("data directory " + directory + " does not exist");
        }
        try (Progress progress = progress("Reading", data.sizeBytes(directory))) {
            data.verify(directory, files::add, progress::at);
        }
        List<Finding> findings =
                files.stream()
                        .flatMap(file -> file.flaws().stream().map(flaw -> new Finding(file, flaw)))
                        .toList();
        long damages = findings.stream().filter(finding -> finding.flaw.damage()).count();
        Report report =
                new Report()
                        .fact("Data directory", "directory", directory.toString())
                        .fact("Files", "files", files.size())
                        .fact(
                                "Bytes",
                                "bytes",
                                files.stream().mapToLong(FileCheck::sizeBytes).sum())
                        .fact("Damages", "damages", damages)
                        .fact("Remarks", "remarks", findings.size() - damages);
        if (all) {
            report.table("Files", "list", files(files));
        }
        if (!findings.isEmpty() || format == OutputFormat.JSON) {
            report.table("Findings", "findings", findings(findings));
        }
        new Output(terminal, format).show(report);
        return damages == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private static Table<FileCheck> files(List<FileCheck> files) {
        return Table.of(files)
                .text("KIND", "kind", FileCheck::kind)
                .text("FILE", "file", FileCheck::path)
                .number("BYTES", "bytes", FileCheck::sizeBytes)
                .text("CONTENT", "content", FileCheck::content);
    }

    private static Table<Finding> findings(List<Finding> findings) {
        return Table.of(findings)
                .text("SEVERITY", "severity", each -> each.flaw.damage() ? "damage" : "remark")
                .text("KIND", "kind", each -> each.file.kind())
                .text("FILE", "file", each -> each.file.path())
                .number("POSITION", "position", LogCommand::position)
                .text("PROBLEM", "problem", each -> each.flaw.message());
    }

    private static Optional<Long> position(Finding finding) {
        return finding.flaw.position() < 0
                ? Optional.empty()
                : Optional.of(finding.flaw.position());
    }

    @Command(
            description = {
                "Show what is in one file of a log: a segment, an index, a snapshot of producers,"
                        + " or the checkpoints.",
                "A broker may run meanwhile.",
                "The exit code is 0 where all is sound, and 1 where something is damaged."
            })
    int dump(
            @Parameters(paramLabel = "FILE", description = "The file.") Path file,
            @Option(
                            names = {"-r", "--records"},
                            description = "Show the records of each batch too.")
                    boolean records,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FORMAT",
                            defaultValue = "table",
                            description =
                                    "How entries are printed, one a line:"
                                            + " ${COMPLETION-CANDIDATES} (default: table).")
                    OutputFormat format)
            throws IOException {
        if (!Files.exists(file)) {
            throw new CommandFailure(file + " does not exist");
        }
        // Entries and a bar on one terminal would spoil each other.
        boolean bar = !terminal.outIsTerminal();
        try (Progress progress = bar ? progress("Reading", Files.size(file)) : Progress.none()) {
            boolean sound =
                    Broker.offline()
                            .dump(
                                    file,
                                    records,
                                    (kind, fields) -> terminal.line(line(kind, fields, format)),
                                    progress::at);
            return sound ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private static String line(
            String kind, SequencedMap<String, Object> fields, OutputFormat format) {
        if (format == OutputFormat.JSON) {
            return Json.text(json -> write(json, kind, fields));
        }
        String text =
                fields.entrySet().stream()
                        .map(field -> field.getKey() + ": " + text(field.getValue()))
                        .collect(Collectors.joining("  "));
        return (kind.equals("record") ? "  " : "") + kind + "  " + text;
    }

    private static String text(Object value) {
        return value instanceof Optional<?> perhaps
                ? perhaps.map(Object::toString).orElse("null")
                : value.toString();
    }

    private static void write(JsonGenerator json, String kind, Map<String, Object> fields)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("kind", kind);
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            json.writeFieldName(field.getKey());
            Json.writeValue(json, field.getValue());
        }
        json.writeEndObject();
    }

    private Progress progress(String task, long bytes) {
        return terminal.errIsTerminal()
                ? Progress.ofBytes(task, bytes, terminal.err())
                : Progress.none();
    }
}
