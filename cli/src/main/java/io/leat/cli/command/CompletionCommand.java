package io.leat.cli.command;

import io.leat.cli.terminal.Terminal;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leat completion}. */
@Command(
        name = "completion",
        description =
                "Print a script that teaches a shell to complete leat's commands and options.",
        footer = {
            "%nExamples:",
            "  source <(leat completion bash)                     # in ~/.bashrc",
            "  source <(leat completion zsh)                      # in ~/.zshrc"
        })
public final class CompletionCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    private Shell shell = Shell.BASH;

    public CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The shells that there is a script for. */
    enum Shell {
        BASH,
        ZSH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() {
        if (shell == Shell.ZSH) {
            terminal.line("autoload -U +X compinit && compinit");
            terminal.line("autoload -U +X bashcompinit && bashcompinit");
        }
        terminal.text(AutoComplete.bash("leat", spec.parent().commandLine()));
        return ExitCode.OK;
    }
}
