package io.leat.cli;

import io.leat.cli.command.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code leat}. */
@Command(
        name = "leat",
        description = "An event broker that speaks the Apache Kafka protocol, and its tools.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "%nExamples:",
            "  leat server                            start a broker here",
            "  leat demo                              see it at work",
            "  leat topics create orders -p 6",
            "  echo 'hello' | leat produce orders",
            "  leat consume orders --from-beginning --max 1",
            "%nEnvironment:",
            "  LEAT_BOOTSTRAP   the broker that commands talk to (127.0.0.1:9092)",
            "  LEAT_JAVA_HOME   the JDK to run on, 25 or later (else JAVA_HOME, PATH, the usual"
                    + " places)",
            "  LEAT_JAVA_OPTS   further options of the JVM",
            "  LEAT_LOG_LEVEL   trace, debug, info, warn, error or off",
            "  NO_COLOR         no colours",
            "%nExit codes:",
            "  0 done   1 failed   2 wrong usage   130 interrupted   141 output closed"
        })
final class LeatCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean version;

    /** Without a command: says what there is. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
