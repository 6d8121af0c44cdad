package io.leat.cli;

import io.leat.cli.bench.BenchCommand;
import io.leat.cli.command.AclsCommand;
import io.leat.cli.command.ApplyCommand;
import io.leat.cli.command.CompletionCommand;
import io.leat.cli.command.ConsumeCommand;
import io.leat.cli.command.DelayedCommand;
import io.leat.cli.command.ExportCommand;
import io.leat.cli.command.GroupsCommand;
import io.leat.cli.command.LogCommand;
import io.leat.cli.command.ProduceCommand;
import io.leat.cli.command.QuotasCommand;
import io.leat.cli.command.TopicsCommand;
import io.leat.cli.command.VersionCommand;
import io.leat.cli.demo.DemoCommand;
import io.leat.cli.server.ServerCommand;
import io.leat.cli.server.UsersCommand;
import io.leat.cli.terminal.Terminal;
import java.lang.reflect.Constructor;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** The commands under {@code leat}. Only the one that is asked for is looked at, to start fast. */
enum Subcommands {
    SERVER("server", ServerCommand::new),
    TOPICS("topics", TopicsCommand::new),
    PRODUCE("produce", ProduceCommand::new),
    CONSUME("consume", ConsumeCommand::new),
    GROUPS("groups", GroupsCommand::new),
    ACLS("acls", AclsCommand::new),
    USERS("users", UsersCommand::new),
    LOG("log", LogCommand::new),
    QUOTAS("quotas", terminal -> new QuotasCommand()),
    APPLY("apply", ApplyCommand::new),
    EXPORT("export", ExportCommand::new),
    DELAYED("delayed", terminal -> new DelayedCommand()),
    DEMO("demo", DemoCommand::new),
    BENCH("bench", BenchCommand::new),
    COMPLETION("completion", CompletionCommand::new),
    VERSION("version", VersionCommand::new);

    private final String word;

    @SuppressWarnings("ImmutableEnumChecker") // a constructor reference, which holds nothing
    private final Function<Terminal, Object> command;

    Subcommands(String word, Function<Terminal, Object> command) {
        this.word = word;
        this.command = command;
    }

    /** {@code leat} with the subcommand that {@code args} begins with, or else with all. */
    static CommandLine commandLine(Terminal terminal, String... args) {
        IFactory factory = new Factory(terminal);
        CommandLine leat = new CommandLine(new LeatCommand(), factory);
        leat.getCommandSpec().versionProvider(() -> new String[] {VersionCommand.text()});
        for (Subcommands each : asked(args)) {
            leat.addSubcommand(each.word, new CommandLine(each.command.apply(terminal), factory));
        }
        addHelp(leat);
        return leat;
    }

    private static List<Subcommands> asked(String... args) {
        for (Subcommands each : values()) {
            if (args.length > 0 && each.word.equals(args[0]) && each != COMPLETION) {
                return List.of(each);
            }
        }
        return List.of(values());
    }

    /** Every command takes --help; those that only hold others show it when none is named. */
    private static void addHelp(CommandLine commandLine) {
        commandLine
                .getCommandSpec()
                .addOption(
                        CommandLine.Model.OptionSpec.builder("-h", "--help")
                                .usageHelp(true)
                                .description("Show this help and exit.")
                                .build());
        commandLine.getSubcommands().values().forEach(Subcommands::addHelp);
    }

    /** Makes what picocli makes by itself, and hands on the terminal. */
    private record Factory(Terminal terminal) implements IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            for (Constructor<?> constructor : type.getDeclaredConstructors()) {
                if (List.of(constructor.getParameterTypes()).equals(List.of(Terminal.class))) {
                    constructor.setAccessible(true);
                    return type.cast(constructor.newInstance(terminal));
                }
            }
            return CommandLine.defaultFactory().create(type);
        }
    }
}
