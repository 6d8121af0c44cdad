package io.leat.cli.command;

import io.leat.cli.terminal.Terminal;
import io.leat.cli.topology.BrokerTopology;
import io.leat.cli.topology.TopologyWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code leat export}. */
@Command(
        name = "export",
        description = {
            "Print topics, settings of groups, quotas, users and ACLs as a file for leat apply.",
            "Only what somebody has set is printed, not the defaults, and no passwords."
        },
        footer = {"%nExamples:", "  leat export > topology.yaml"})
public final class ExportCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private ClientOptions options;

    public ExportCommand(Terminal terminal) {
        this.terminal = terminal;
        this.options = new ClientOptions(terminal);
    }

    @Override
    public Integer call() {
        return options.withAdmin(admin -> {
            terminal.text(TopologyWriter.text(new BrokerTopology(admin).read()));
            return ExitCode.OK;
        });
    }
}
