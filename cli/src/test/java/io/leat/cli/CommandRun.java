package io.leat.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.leat.cli.terminal.Terminal;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A command line that was run to its end in this process.
 *
 * @param code its exit code
 * @param out what it printed
 * @param err what it said besides
 */
record CommandRun(int code, String out, String err) {
    /** Runs without input, and with no stream a terminal. */
    static CommandRun of(String... args) {
        return withInput("", args);
    }

    static CommandRun withInput(String in, String... args) {
        return run("", in, args);
    }

    /** Runs where a person types {@code in} and sees messages; the output goes elsewhere. */
    static CommandRun typed(String in, String... args) {
        return run("ie", in, args);
    }

    /** Runs where nobody reads the output, as behind {@code | head} when that has seen enough. */
    static CommandRun unread(String... args) {
        return run("p", "", failing("Broken pipe"), args);
    }

    /** Runs with the output into a file on a disk that is full. */
    static CommandRun intoFullDisk(String... args) {
        return run("", "", failing("No space left on device"), args);
    }

    /** Takes as much as is gathered for a write, and fails when that is handed on. */
    private static OutputStream failing(String message) {
        return new BufferedOutputStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException(message);
                    }
                });
    }

    private static CommandRun run(String terminals, String in, String... args) {
        return run(terminals, in, new ByteArrayOutputStream(), args);
    }

    private static CommandRun run(String terminals, String in, OutputStream out, String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal =
                new Terminal(
                        new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                        out,
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        terminals,
                        Map.of());
        int code = Main.run(terminal, args);
        return new CommandRun(
                code,
                out instanceof ByteArrayOutputStream all
                        ? all.toString(StandardCharsets.UTF_8)
                        : "",
                err.toString(StandardCharsets.UTF_8));
    }

    /** The lines it printed, provided that it went well and without a word besides. */
    List<String> lines() {
        assertEquals("", err);
        assertEquals(0, code, out);
        return out.lines().toList();
    }

    /** The one line that says why it failed. */
    String failure() {
        assertEquals(1, code, this::toString);
        assertEquals("", out);
        assertEquals(1, err.lines().count(), err);
        assertFalse(err.contains("internal error"), err);
        return err.strip();
    }

    /** What it says of a command line that is not right: why, and where to read more. */
    String wrongUsage() {
        assertEquals(2, code, this::toString);
        assertEquals("", out);
        assertEquals(2, err.lines().count(), err);
        return err.lines().findFirst().orElseThrow();
    }
}
