package io.leat.cli.command;

import io.leat.cli.terminal.Output;
import io.leat.cli.terminal.OutputFormat;
import io.leat.cli.terminal.Terminal;
import io.leat.client.Admin;
import io.leat.client.BrokerException;
import io.leat.client.ConnectionException;
import io.leat.client.ConnectionOptions;
import io.leat.client.LeatClientException;
import io.leat.client.TopicListing;
import io.leat.wire.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that talks to a broker. */
public final class ClientOptions {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration OPERATION_TIMEOUT = Duration.ofSeconds(30);

    private final Terminal terminal;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = {"-b", "--bootstrap"},
            paramLabel = "HOST:PORT",
            defaultValue = "${env:LEAT_BOOTSTRAP:-127.0.0.1:9092}",
            description = "The broker (default: $$LEAT_BOOTSTRAP, else 127.0.0.1:9092).")
    private String bootstrap = "127.0.0.1:9092";

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            defaultValue = "${env:LEAT_COMMAND_CONFIG}",
            description =
                    "TLS and SASL: a properties file with the keys of Kafka's clients, such as"
                            + " security.protocol (default: $$LEAT_COMMAND_CONFIG).")
    private Optional<Path> commandConfig = Optional.empty();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "How to print results: ${COMPLETION-CANDIDATES}.")
    private OutputFormat format = OutputFormat.TABLE;

    public ClientOptions(Terminal terminal) {
        this.terminal = terminal;
    }

    public Output output() {
        return new Output(terminal, format);
    }

    /** Whether output is for programs. */
    public boolean isJson() {
        return format == OutputFormat.JSON;
    }

    /** Where the broker is. */
    public String bootstrap() {
        return bootstrap;
    }

    public ConnectionOptions connection() {
        Optional<ConnectionFile> secured = commandConfig.map(ConnectionFile::read);
        try {
            ConnectionOptions.Builder builder =
                    ConnectionOptions.builder(bootstrap)
                            .clientId("leat-cli")
                            .connectTimeout(CONNECT_TIMEOUT)
                            .operationTimeout(OPERATION_TIMEOUT);
            secured.ifPresent(file -> file.apply(builder));
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    command.commandLine(), "--bootstrap: " + e.getMessage(), e);
        }
    }

    /** Runs {@code work} with a connection for administration. */
    public <T> T withAdmin(Function<Admin, T> work) {
        ConnectionOptions connection = connection();
        try (Admin admin = Admin.connect(connection)) {
            return work.apply(admin);
        } catch (ConnectionException e) {
            throw unreachable(e);
        }
    }

    /**
     * As {@link #withAdmin}, for work on one topic: where that is not there, tells which one may be
     * meant.
     */
    <T> T withAdmin(String topic, Function<Admin, T> work) {
        try {
            return withAdmin(work);
        } catch (BrokerException e) {
            throw explained(topic, e);
        }
    }

    /** What to tell when a broker refuses to do something with a topic. */
    RuntimeException explained(String topic, BrokerException error) {
        if (error.errorCode() != ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
            return error;
        }
        List<String> names =
                withAdmin(admin -> admin.listTopics().stream().map(TopicListing::name).toList());
        if (names.contains(topic)) {
            return error;
        }
        String advice =
                Likeness.nearest(topic, names)
                        .map("did you mean '%s'?"::formatted)
                        .orElse("make it with: leat topics create " + topic);
        return new CommandFailure("There is no topic '%s'; %s".formatted(topic, advice), error);
    }

    /** What to tell when there is no broker. */
    public CommandFailure unreachable(LeatClientException e) {
        return new CommandFailure(e.getMessage() + "; start a broker with: leat server", e);
    }
}
