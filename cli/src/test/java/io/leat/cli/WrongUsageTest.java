package io.leat.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines that are not right: exit code 2, what is wrong, and nothing is tried. */
final class WrongUsageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "topics create t -p many                  | many",
                "topics create t --partitions 0           | partitionCount",
                "topics list --output xml                 | xml",
                "topics list --nonsense                   | --nonsense",
                "topics erase t --yes                     | --key or --key-file",
                "topics erase t --key k                   | --yes",
                "topics erase t -y -k xyz --key-format hex | hexadecimal",
                "topics erase t -k k --key-format octal   | --key-format",
                "topics erasures --limit 0                | --limit",
                "produce                                  | TOPIC",
                "produce t --partition -1                 | --partition",
                "produce t --key-separator=               | --key-separator",
                "consume                                  | TOPIC",
                "consume t --max -1                       | --max",
                "consume t --partition 0,-1               | --partition",
                "consume t --format %q                    | is no field",
                "consume t --format x --output json       | --format or --output json",
                "consume t --timestamp yesterday          | --timestamp",
                "consume t --from-beginning --offset 3    | mutually exclusive",
                "consume t --group g --offset 3           | reset-offsets",
                "consume t --group g --partition 1        | reset-offsets",
                "consume t --group=                       | --group",
                "groups reset-offsets g --to-earliest     | --topic or --all-topics",
                "groups reset-offsets g --to-latest -t a:4294967295 | a:4294967295",
                "topics list --bootstrap nowhere:notaport | --bootstrap",
                "server --listen here                     | --listen takes HOST:PORT",
                "server --http 127.0.0.1:999999           | --http takes HOST:PORT",
                "demo now                                 | now",
                "sing                                     | no command 'sing'",
                "topic list                               | did you mean 'topics'?",
                "topics lst                               | did you mean 'list'?",
                "consume t --frm-beginning                | did you mean '--from-beginning'?",
            })
    void saysWhatIsWrong(String commandLine, String named) {
        String message = CommandRun.of(commandLine.split(" ", -1)).wrongUsage();
        assertTrue(message.startsWith("leat: "), message);
        assertTrue(message.contains(named), message);
    }

    @Test
    void withoutACommandSaysWhatThereIs() {
        CommandRun run = CommandRun.of();
        assertEquals(2, run.code());
        assertTrue(run.err().contains("consume"), run.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"server", "topics", "produce", "consume", "groups", "demo", "completion"})
    void everyCommandExplainsItself(String command) {
        CommandRun run = CommandRun.of(command, "--help");
        assertEquals(0, run.code());
        assertTrue(run.out().startsWith("Usage: leat " + command), run.out());
        assertEquals("", run.err());
    }
}
