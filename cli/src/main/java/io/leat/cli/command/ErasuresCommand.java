package io.leat.cli.command;

import io.leat.cli.terminal.Table;
import io.leat.cli.terminal.Terminal;
import io.leat.client.Erasure;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leat topics erasures}. */
@Command(
        name = "erasures",
        description = {
            "List erasures of keys, those that run and those that ended; the youngest first.",
            "The broker keeps no keys, only the SHA-256 of each."
        },
        footer = {
            "%nExamples:",
            "  leat topics erasures",
            "  leat topics erasures orders --key customer-17",
            "  leat topics erasures --output json"
        })
final class ErasuresCommand implements Callable<Integer> {
    private static final int HASH_DIGITS = 12;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private ClientOptions options;

    @Parameters(arity = "0..1", paramLabel = "TOPIC", description = "Only this topic's.")
    private Optional<String> topic = Optional.empty();

    @Option(
            names = {"-k", "--key"},
            paramLabel = "KEY",
            description = "Only those of this key.")
    private Optional<String> key = Optional.empty();

    @Option(
            names = "--key-format",
            paramLabel = "FORMAT",
            description = "How the key is written: ${COMPLETION-CANDIDATES} (default: string).")
    private KeyFormat keyFormat = KeyFormat.STRING;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "How many to look at, at the most (default: 100).")
    private int limit = 100;

    ErasuresCommand(Terminal terminal) {
        this.options = new ClientOptions(terminal);
    }

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 1");
        }
        Optional<String> hash = key.map(this::hash);
        return options.withAdmin(admin -> {
            List<Erasure> erasures =
                    admin.listErasures(topic, limit).stream()
                            .filter(each -> hash.isEmpty() || each.keyHashes().contains(hash.get()))
                            .toList();
            options.output().show(table(erasures, options.isJson()));
            return ExitCode.OK;
        });
    }

    private String hash(String text) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(keyFormat.bytes(text)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--key: " + e.getMessage(), e);
        }
    }

    private static Table<Erasure> table(List<Erasure> erasures, boolean whole) {
        return Table.of(erasures)
                .text("ACCEPTED", "accepted", Erasure::accepted)
                .text("TOPIC", "topic", Erasure::topic)
                .text("STATE", "state", each -> each.state().name().toLowerCase(Locale.ROOT))
                .number("REMOVED", "recordsRemoved", Erasure::recordsRemoved)
                .number("READ AGAIN", "recordsVerified", Erasure::recordsVerified)
                .number("TOMBSTONES", "tombstonesLeft", Erasure::tombstonesLeft)
                .number("KEYS", "keys", each -> each.keyHashes().size())
                .text("SHA-256", "keyHashes", each -> whole ? each.keyHashes() : first(each))
                .text("REQUESTED BY", "requestedBy", Erasure::requestedBy)
                .text("ENDED", "ended", Erasure::ended)
                .text("PROBLEM", "problem", Erasure::problem)
                .text("ID", "id", Erasure::id);
    }

    private static String first(Erasure erasure) {
        String digits = erasure.keyHashes().getFirst().substring(0, HASH_DIGITS);
        return erasure.keyHashes().size() == 1 ? digits : digits + "...";
    }
}
