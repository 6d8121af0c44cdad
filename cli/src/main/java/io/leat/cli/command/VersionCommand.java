package io.leat.cli.command;

import io.leat.cli.terminal.Output;
import io.leat.cli.terminal.OutputFormat;
import io.leat.cli.terminal.Report;
import io.leat.cli.terminal.Terminal;
import io.leat.ops.BuildInfo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code leat version}. */
@Command(name = "version", description = "Print the version of Leat and of its JDK.")
public final class VersionCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "How to print: ${COMPLETION-CANDIDATES}.")
    private OutputFormat format = OutputFormat.TABLE;

    public VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** One line. */
    public static String text() {
        BuildInfo build = BuildInfo.read();
        return "leat " + build.version() + " on JDK " + build.java();
    }

    @Override
    public Integer call() {
        BuildInfo build = BuildInfo.read();
        new Output(terminal, format)
                .done(
                        text(),
                        new Report()
                                .fact("Version", "version", build.version())
                                .fact("JDK", "java", build.java()));
        return ExitCode.OK;
    }
}
