package io.leat.cli;

import io.leat.broker.config.ConfigException;
import io.leat.cli.command.CommandFailure;
import io.leat.cli.command.ExitCode;
import io.leat.cli.terminal.ClosedOutputException;
import io.leat.cli.terminal.LostOutputException;
import io.leat.cli.terminal.Terminal;
import io.leat.client.LeatClientException;

/** What a command says that did not do what it was asked. */
final class Failures {
    private Failures() {}

    /** Tells a person what went wrong, and the caller by the exit code. */
    static int report(Terminal terminal, Exception error) {
        switch (error) {
            case ClosedOutputException _ -> {
                return ExitCode.OUTPUT_CLOSED;
            }
            // Main tells it, since most output is lost only when the rest of it is handed on.
            case LostOutputException _ -> {
                return ExitCode.FAILED;
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
        return ExitCode.FAILED;
    }
}
