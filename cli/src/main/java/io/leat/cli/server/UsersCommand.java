package io.leat.cli.server;

import io.leat.broker.Broker;
import io.leat.broker.sasl.ScramUsers;
import io.leat.broker.security.Security;
import io.leat.cli.command.ClientOptions;
import io.leat.cli.command.CommandFailure;
import io.leat.cli.command.ExitCode;
import io.leat.cli.terminal.Report;
import io.leat.cli.terminal.Table;
import io.leat.cli.terminal.Terminal;
import io.leat.client.Admin;
import io.leat.client.Secret;
import io.leat.client.UserListing;
import io.leat.wire.sasl.ScramMechanism;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code leat users}. */
@Command(
        name = "users",
        description = {
            "Create, list and delete users: who may log in by SASL PLAIN or SCRAM.",
            "At a running broker, or with --data-dir in the directory of one that is stopped: how"
                    + " the first administrator comes to be."
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "%nThe password is asked for, or taken from --password-file or LEAT_PASSWORD; never"
                    + " from the command line.",
            "%nExamples:",
            "  leat users create admin --data-dir /var/lib/leat",
            "  leat users create alice --command-config admin.properties",
            "  leat users list",
            "  leat users delete alice"
        })
public final class UsersCommand {
    private final Terminal terminal;

    public UsersCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Where users are kept. */
    private interface Users {
        List<UserListing> all();

        void setPassword(String user, Secret password);

        void delete(String user);

        default boolean has(String user) {
            return all().stream().anyMatch(each -> each.name().equals(user));
        }
    }

    /** At a broker that runs. */
    private record Running(Admin admin) implements Users {
        @Override
        public List<UserListing> all() {
            return admin.listUsers();
        }

        @Override
        public void setPassword(String user, Secret password) {
            admin.setPassword(user, password);
        }

        @Override
        public void delete(String user) {
            admin.deleteUser(user);
        }
    }

    /** In the data directory of a broker that does not. */
    private record Stopped(ScramUsers users) implements Users {
        @Override
        public List<UserListing> all() {
            return users.all().entrySet().stream()
                    .map(entry ->
                            new UserListing(
                                    entry.getKey(),
                                    entry.getValue().keySet().stream()
                                            .map(ScramMechanism::mechanism)
                                            .collect(Collectors.toSet())))
                    .toList();
        }

        @Override
        public void setPassword(String user, Secret password) {
            users.change(Security.credentials(user, password.value()));
        }

        @Override
        public void delete(String user) {
            users.change(
                    Arrays.stream(ScramMechanism.values())
                            .map(each -> new ScramUsers.Change(user, each, Optional.empty()))
                            .toList());
        }
    }

    private static <T> T with(
            ClientOptions options, Optional<Path> dataDirectory, Function<Users, T> work) {
        return dataDirectory.isPresent()
                ? Broker.withUsers(dataDirectory.get(), users -> work.apply(new Stopped(users)))
                : options.withAdmin(admin -> work.apply(new Running(admin)));
    }

    @Command(description = "Create a user, or give it another password.")
    int create(
            @Mixin ClientOptions options,
            @Parameters(paramLabel = "USER", description = "Its name.") String user,
            @Option(
                            names = {"-d", "--data-dir"},
                            paramLabel = "DIR",
                            description = "The directory of a broker that is stopped.")
                    Optional<Path> dataDirectory,
            @Option(
                            names = "--password-file",
                            paramLabel = "FILE",
                            description = "A file with the password.")
                    @Nullable Path passwordFile) {
        if (user.isBlank()) {
            throw new CommandFailure("A user has a name");
        }
        Secret password = new Secret(password(passwordFile));
        if (password.value().isEmpty()) {
            throw new CommandFailure("The password is empty");
        }
        Function<Users, Boolean> work =
                users -> {
                    boolean there = users.has(user);
                    users.setPassword(user, password);
                    return there;
                };
        boolean known =
                dataDirectory.isPresent()
                        ? Broker.withFirstUsers(
                                dataDirectory.get(), users -> work.apply(new Stopped(users)))
                        : with(options, dataDirectory, work);
        options.output()
                .done(
                        known ? "Changed the password of " + user : "Created " + user,
                        new Report().fact("User", "user", user).fact("New", "created", !known));
        return ExitCode.OK;
    }

    @Command(description = "List users.")
    int list(
            @Mixin ClientOptions options,
            @Option(
                            names = {"-d", "--data-dir"},
                            paramLabel = "DIR",
                            description = "The directory of a broker that is stopped.")
                    Optional<Path> dataDirectory) {
        List<UserListing> all = with(options, dataDirectory, Users::all);
        options.output()
                .show(
                        Table.of(all)
                                .text("USER", "user", UserListing::name)
                                .text("MECHANISMS", "mechanisms", UsersCommand::mechanisms));
        return ExitCode.OK;
    }

    private static String mechanisms(UserListing user) {
        Set<String> mechanisms = user.mechanisms();
        return mechanisms.stream().sorted().collect(Collectors.joining(", "));
    }

    @Command(description = "Delete a user.")
    int delete(
            @Mixin ClientOptions options,
            @Parameters(paramLabel = "USER", description = "Its name.") String user,
            @Option(
                            names = {"-d", "--data-dir"},
                            paramLabel = "DIR",
                            description = "The directory of a broker that is stopped.")
                    Optional<Path> dataDirectory) {
        boolean deleted =
                with(
                        options,
                        dataDirectory,
                        users -> {
                            boolean there = users.has(user);
                            if (there) {
                                users.delete(user);
                            }
                            return there;
                        });
        if (!deleted) {
            throw new CommandFailure("There is no user '" + user + "'");
        }
        options.output().done("Deleted " + user, new Report().fact("User", "user", user));
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
        return typed(console.readPassword("Password: "));
    }

    /** What was typed; null where the person ended the input instead. */
    static String typed(char @Nullable [] password) {
        if (password == null) {
            throw new CommandFailure(
                    "No password was typed: type one, give --password-file FILE or set"
                            + " LEAT_PASSWORD");
        }
        return new String(password);
    }
}
