package io.leat.cli;

import io.leat.cli.command.ExitCode;
import io.leat.cli.server.ForegroundServer;
import io.leat.cli.server.ServerOptions;
import io.leat.cli.terminal.ClosedOutputException;
import io.leat.cli.terminal.LostOutputException;
import io.leat.cli.terminal.Terminal;
import java.util.List;
import java.util.Optional;

/** Where the process starts. */
public final class Main {
    private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";
    private static final String SERVER = "server";

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(Terminal.ofProcess(), args));
    }

    /** Runs a command line to its end and returns the exit code. */
    public static int run(Terminal terminal, String... args) {
        chooseLogLevel(terminal, args);
        try {
            Optional<ServerOptions> server = server(args);
            int code =
                    server.isPresent()
                            ? serve(terminal, server.get())
                            : CommandLines.execute(terminal, args);
            terminal.flush();
            return code;
        } catch (ClosedOutputException e) {
            return ExitCode.OUTPUT_CLOSED;
        } catch (LostOutputException e) {
            terminal.message("leat: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    /** A server whose options need no explanation. */
    private static Optional<ServerOptions> server(String... args) {
        return startsServer(args)
                ? ServerOptions.plain(List.of(args).subList(1, args.length))
                : Optional.empty();
    }

    private static int serve(Terminal terminal, ServerOptions options) {
        try {
            return ForegroundServer.run(terminal, options);
        } catch (Exception e) {
            return Failures.report(terminal, e);
        }
    }

    /** The server logs what happens; a command says by itself what went wrong. */
    static void chooseLogLevel(Terminal terminal, String... args) {
        String otherwise = startsServer(args) ? "info" : "off";
        String level = terminal.environment("LEAT_LOG_LEVEL").orElse(otherwise);
        if (System.getProperty(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, level);
        }
    }

    private static boolean startsServer(String... args) {
        return args.length > 0 && args[0].equals(SERVER);
    }
}
