package io.leat.cli.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What is read without picocli is read as with it, and the rest is left to it. */
final class ServerOptionsTest {
    private final ServerCommand command =
            new ServerCommand(
                    new Terminal(
                            new ByteArrayInputStream(new byte[0]),
                            new ByteArrayOutputStream(),
                            new PrintStream(
                                    new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                            "",
                            Map.of()));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--data-dir /var/lib/leat",
                "-d data -l 192.168.1.7:9092 --http :9644 --insecure",
                "--listen [::1]:0 --http [::]:1",
                "--insecure --config leat.properties -s num.partitions=6 --set a=b=c -s a=d",
                "-c conf/leat.properties --set empty=",
                "--set sasl.jaas.config=user=\"a=b\"; -s q=\"v\" -s x=$HOME -s y=${y} -s z=%n -s"
                        + " u='v'",
            })
    void plainOptionsAreReadAlike(String words) {
        List<String> split = words.isEmpty() ? List.of() : List.of(words.split(" ", -1));
        new CommandLine(command).parseArgs(split.toArray(new String[0]));
        assertEquals(Optional.of(command.options()), ServerOptions.plain(split));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "now",
                "--data-dir",
                "--data-dir=data",
                "-ddata",
                "--data-dir a --data-dir b",
                "--data-dir -d",
                "--insecure --insecure",
                "--config @file",
                "@file",
                "--set novalue",
                "--set =value",
                "--set a=b,c=d --listen here",
                "--http 127.0.0.1:999999",
            })
    void allElseIsLeftToPicocli(String words) {
        assertEquals(Optional.empty(), ServerOptions.plain(List.of(words.split(" ", -1))));
    }

    @Test
    void noOptionIsForgotten() {
        Set<String> names = new HashSet<>();
        for (OptionSpec option : new CommandLine(command).getCommandSpec().options()) {
            names.addAll(List.of(option.names()));
        }
        assertEquals(names, ServerOptions.NAMES.keySet());
    }
}
