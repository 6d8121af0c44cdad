package io.leat.cli;

import io.leat.cli.command.ExitCode;
import io.leat.cli.terminal.Terminal;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Command lines of all kinds, read and explained by picocli. */
final class CommandLines {
    private CommandLines() {}

    /** Runs a command and returns the exit code. */
    static int execute(Terminal terminal, String... args) {
        return commandLine(terminal, args).execute(args);
    }

    private static CommandLine commandLine(Terminal terminal, String... args) {
        CommandLine commandLine = Subcommands.commandLine(terminal, args);
        PrintWriter out =
                new PrintWriter(new TerminalStream(terminal), false, StandardCharsets.UTF_8);
        return commandLine
                .setOut(out)
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(
                        CommandLine.Help.defaultColorScheme(
                                terminal.hasColours() ? Ansi.ON : Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler((e, given) -> wrongUsage(terminal, e))
                .setExecutionExceptionHandler((e, command, parsed) -> failed(terminal, e));
    }

    private static int wrongUsage(Terminal terminal, ParameterException e) {
        terminal.message("leat: " + explanation(e));
        terminal.message("See: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private static String explanation(ParameterException e) {
        // Some of picocli's messages begin with a word that the others do without.
        String message = String.valueOf(e.getMessage()).replaceFirst("^Error: ", "");
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return message;
        }
        CommandSpec asked = e.getCommandLine().getCommandSpec();
        if (!unmatched.isUnknownOption() && !asked.subcommands().isEmpty()) {
            message =
                    "%s has no command '%s'"
                            .formatted(asked.qualifiedName(), unmatched.getUnmatched().getFirst());
        }
        return unmatched.getSuggestions().stream()
                .findFirst()
                .map(likely -> "; did you mean '" + likely + "'?")
                .map(message::concat)
                .orElse(message);
    }

    private static int failed(Terminal terminal, Exception error) {
        return error instanceof ParameterException usage
                ? wrongUsage(terminal, usage)
                : Failures.report(terminal, error);
    }

    /** Help goes the way of all output. */
    private static final class TerminalStream extends OutputStream {
        private final Terminal terminal;

        TerminalStream(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void write(int b) {
            terminal.write(new byte[] {(byte) b});
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            terminal.write(Arrays.copyOfRange(bytes, offset, offset + length));
        }
    }
}
