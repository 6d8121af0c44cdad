package io.leat.cli;

import io.leat.broker.config.ConfigException;
import io.leat.cli.command.CommandFailure;
import io.leat.cli.command.ExitCode;
import io.leat.cli.terminal.ClosedOutputException;
import io.leat.cli.terminal.Terminal;
import io.leat.client.LeatClientException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Where the process starts. */
public final class Main {
    private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(Terminal.ofProcess(), args));
    }

    /** Runs a command line to its end and returns the exit code. */
    public static int run(Terminal terminal, String... args) {
        chooseLogLevel(terminal, args);
        try {
            int code = commandLine(terminal, args).execute(args);
            terminal.flush();
            return code;
        } catch (ClosedOutputException e) {
            return ExitCode.OUTPUT_CLOSED;
        }
    }

    static CommandLine commandLine(Terminal terminal, String... args) {
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
        switch (error) {
            case ClosedOutputException _ -> {
                return ExitCode.OUTPUT_CLOSED;
            }
            case ParameterException usage -> {
                return wrongUsage(terminal, usage);
            }
            case CommandFailure _, LeatClientException _, ConfigException _ ->
                    terminal.message("leat: " + error.getMessage());
            default -> {
                terminal.message(
                        "leat: internal error: "
                                + error
                                + " (LEAT_DEBUG=1 shows where it happened)");
            }
        }
        if (terminal.environment("LEAT_DEBUG").isPresent()) {
            error.printStackTrace(terminal.err());
        }
        terminal.flush();
        return ExitCode.FAILED;
    }

    /** The server logs what happens; a command says by itself what went wrong. */
    private static void chooseLogLevel(Terminal terminal, String... args) {
        boolean server = args.length > 0 && args[0].equals("server");
        String level = terminal.environment("LEAT_LOG_LEVEL").orElse(server ? "info" : "off");
        if (System.getProperty(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, level);
        }
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
