package io.leat.cli.command;

import io.leat.cli.terminal.Report;
import io.leat.cli.terminal.Table;
import io.leat.client.DelayedRecords;
import io.leat.client.DelayedRecords.DelayedRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leat delayed}. */
@Command(
        name = "delayed",
        description = {
            "List and cancel records that wait to be delivered.",
            "Topics with leat.delayed.delivery=true deliver records with the header leat-deliver-at"
                    + " or leat-delay later."
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "%nExamples:",
            "  leat topics create reminders --config leat.delayed.delivery=true",
            "  echo 'hello' | leat produce reminders --header leat-delay=PT5M",
            "  leat delayed list reminders",
            "  leat delayed cancel reminders --key order-17"
        })
public final class DelayedCommand {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(description = "List what waits, the first that is due first.")
    int list(
            @Mixin ClientOptions options,
            @Parameters(paramLabel = "TOPIC", description = "Its name.") String topic,
            @Option(
                            names = {"-k", "--key"},
                            paramLabel = "KEY",
                            description =
                                    "Only records that can be cancelled by this key: their header"
                                            + " leat-delay-key, or their own key.")
                    Optional<String> key,
            @Option(
                            names = "--key-format",
                            paramLabel = "FORMAT",
                            defaultValue = "string",
                            description =
                                    "How the key is written: ${COMPLETION-CANDIDATES} (default:"
                                            + " string).")
                    KeyFormat keyFormat,
            @Option(
                            names = {"-n", "--limit"},
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "How many at the most (default: 100).")
                    int limit) {
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 1");
        }
        Optional<byte[]> wanted = key.map(text -> bytes(text, keyFormat));
        return options.withAdmin(admin -> {
            DelayedRecords found = admin.listDelayed(topic, wanted, limit);
            options.output()
                    .show(
                            new Report()
                                    .fact("Topic", "topic", topic)
                                    .fact("Pending", "pending", found.pending())
                                    .table("Records", "records", table(found.records())));
            return ExitCode.OK;
        });
    }

    private static Table<DelayedRecord> table(List<DelayedRecord> records) {
        return Table.of(records)
                .text("DUE", "due", DelayedRecord::due)
                .number("PARTITION", "partition", DelayedRecord::partition)
                .text("KEY", "key", record -> text(record.key()))
                .text("CANCEL KEY", "cancelKey", record -> text(record.cancelHeader()))
                .number("BYTES", "valueBytes", DelayedRecord::valueBytes)
                .text("ACCEPTED", "accepted", DelayedRecord::accepted)
                .text("IN TRANSACTION", "inTransaction", DelayedRecord::held);
    }

    @Command(description = "Cancel records by their header leat-delay-key, or their own key.")
    int cancel(
            @Mixin ClientOptions options,
            @Parameters(paramLabel = "TOPIC", description = "Its name.") String topic,
            @Option(
                            names = {"-k", "--key"},
                            paramLabel = "KEY",
                            required = true,
                            description = "The key; may be given many times.")
                    List<String> keys,
            @Option(
                            names = "--key-format",
                            paramLabel = "FORMAT",
                            defaultValue = "string",
                            description =
                                    "How the keys are written: ${COMPLETION-CANDIDATES} (default:"
                                            + " string).")
                    KeyFormat keyFormat) {
        List<byte[]> wanted = keys.stream().map(text -> bytes(text, keyFormat)).toList();
        return options.withAdmin(admin -> {
            List<Integer> counts = admin.cancelDelayed(topic, wanted);
            int all = counts.stream().mapToInt(Integer::intValue).sum();
            options.output()
                    .done(
                            "Cancelled "
                                    + all
                                    + (all == 1 ? " record" : " records")
                                    + " of "
                                    + topic,
                            new Report()
                                    .fact("Topic", "topic", topic)
                                    .fact("Cancelled", "cancelled", all)
                                    .table("Keys", "keys", table(keys, counts)));
            return ExitCode.OK;
        });
    }

    private record Cancelled(String key, int count) {}

    private static Table<Cancelled> table(List<String> keys, List<Integer> counts) {
        List<Cancelled> rows = new ArrayList<>();
        for (int i = 0; i < Math.min(keys.size(), counts.size()); i++) {
            rows.add(new Cancelled(keys.get(i), counts.get(i)));
        }
        return Table.of(rows)
                .text("KEY", "key", Cancelled::key)
                .number("CANCELLED", "cancelled", Cancelled::count);
    }

    private byte[] bytes(String key, KeyFormat format) {
        try {
            return format.bytes(key);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--key: " + e.getMessage(), e);
        }
    }

    private static Optional<String> text(Optional<byte[]> bytes) {
        return bytes.map(key -> new String(key, StandardCharsets.UTF_8));
    }
}
