package io.leat.cli.server;

import io.leat.broker.Broker;
import io.leat.broker.sasl.ScramCredential;
import io.leat.broker.sasl.ScramUsers;
import io.leat.broker.security.Security;
import io.leat.cli.command.CommandFailure;
import io.leat.cli.command.ExitCode;
import io.leat.cli.terminal.Output;
import io.leat.cli.terminal.OutputFormat;
import io.leat.cli.terminal.Table;
import io.leat.cli.terminal.Terminal;
import io.leat.wire.sasl.ScramMechanism;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code leat users}. */
@Command(
        name = "users",
        description = {
            "Create, list and delete the users of a broker that is stopped, in its data directory:",
            "how the first administrator comes to be. While it runs, Kafka's tools do the same."
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "%nThe password is asked for, or taken from --password-file or LEAT_PASSWORD; never"
                    + " from the command line.",
            "%nExamples:",
            "  leat users create admin --data-dir /var/lib/leat",
            "  leat users list",
            "  leat users delete alice"
        })
public final class UsersCommand {
    private static final String DATA = "data";

    private final Terminal terminal;

    public UsersCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    private record Row(String user, String mechanisms) {}

    @Command(description = "Create a user, or give it another password.")
    int create(
            @Parameters(paramLabel = "USER", description = "Its name.") String user,
            @Option(
                            names = {"-d", "--data-dir"},
                            paramLabel = "DIR",
                            defaultValue = DATA,
                            description = "The broker's directory (default: ${DEFAULT-VALUE}).")
                    Path dataDirectory,
            @Option(
                            names = "--password-file",
                            paramLabel = "FILE",
                            description = "A file with the password.")
                    @Nullable Path passwordFile) {
        if (user.isBlank()) {
            throw new CommandFailure("A user has a name");
        }
        String password = password(passwordFile);
        if (password.isEmpty()) {
            throw new CommandFailure("The password is empty");
        }
        boolean known =
                Broker.withUsers(
                        dataDirectory,
                        users -> {
                            boolean there = users.all().containsKey(user);
                            users.change(Security.credentials(user, password));
                            return there;
                        });
        terminal.line(known ? "Changed the password of " + user : "Created " + user);
        return ExitCode.OK;
    }

    @Command(description = "List users.")
    int list(
            @Option(
                            names = {"-d", "--data-dir"},
                            paramLabel = "DIR",
                            defaultValue = DATA,
                            description = "The broker's directory (default: ${DEFAULT-VALUE}).")
                    Path dataDirectory,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FORMAT",
                            defaultValue = "table",
                            description = "How to print results: ${COMPLETION-CANDIDATES}.")
                    OutputFormat format) {
        List<Row> rows = Broker.withUsers(dataDirectory, UsersCommand::rows);
        new Output(terminal, format)
                .show(
                        Table.of(rows)
                                .text("USER", "user", Row::user)
                                .text("MECHANISMS", "mechanisms", Row::mechanisms));
        return ExitCode.OK;
    }

    private static List<Row> rows(ScramUsers users) {
        return users.all().entrySet().stream()
                .map(entry -> new Row(entry.getKey(), mechanisms(entry.getValue())))
                .toList();
    }

    private static String mechanisms(Map<ScramMechanism, ScramCredential> credentials) {
        return credentials.keySet().stream()
                .map(ScramMechanism::mechanism)
                .collect(Collectors.joining(", "));
    }

    @Command(description = "Delete a user.")
    int delete(
            @Parameters(paramLabel = "USER", description = "Its name.") String user,
            @Option(
                            names = {"-d", "--data-dir"},
                            paramLabel = "DIR",
                            defaultValue = DATA,
                            description = "The broker's directory (default: ${DEFAULT-VALUE}).")
                    Path dataDirectory) {
        Broker.withUsers(
                dataDirectory,
                users -> {
                    if (!users.all().containsKey(user)) {
                        throw new CommandFailure("There is no user '" + user + "'");
                    }
                    users.change(
                            Arrays.stream(ScramMechanism.values())
                                    .map(each ->
                                            new ScramUsers.Change(user, each, Optional.empty()))
                                    .toList());
                    return user;
                });
        terminal.line("Deleted " + user);
        return ExitCode.OK;
    }

    private String password(@Nullable Path file) {
        if (file != null) {
            try {
                return Files.readString(file).strip();
            } catch (IOException e) {
                throw new CommandFailure("The password file " + file + " cannot be read", e);
            }
        }
        Optional<String> given = terminal.environment("LEAT_PASSWORD");
        if (given.isPresent()) {
            return given.get();
        }
        Console console = terminal.inIsTerminal() ? System.console() : null;
        if (console == null) {
            throw new CommandFailure("No password: give --password-file FILE or set LEAT_PASSWORD");
        }
        return new String(console.readPassword("Password: "));
    }
}
