package io.leat.cli.terminal;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The streams and the environment of a command. Output is buffered until {@link #flush}; any thread
 * may write.
 *
 * <p>Which streams are terminals is said by the launcher in the system property {@code
 * leat.terminal}, as the letters {@code i}, {@code o} and {@code e}, and by a {@code p} that the
 * output is a pipe or a socket: a shell knows at no cost what the JVM would load a console library
 * for.
 */
public final class Terminal {
    private final InputStream in;
    private final OutputStream out;
    private final PrintStream err;
    private final String terminals;
    private final Map<String, String> environment;
    private Optional<IOException> failure = Optional.empty();

    /**
     * A terminal over given streams.
     *
     * @param terminals which of them are terminals, as the letters i, o and e; with a p where the
     *     output is a pipe or a socket
     */
    public Terminal(
            InputStream in,
            OutputStream out,
            PrintStream err,
            String terminals,
            Map<String, String> environment) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.terminals = terminals;
        this.environment = environment;
    }

    /** The streams of the process. */
    public static Terminal ofProcess() {
        return new Terminal(
                System.in,
                // Not System.out, which swallows the error that says that nobody reads any more.
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                System.err,
                System.getProperty("leat.terminal", ""),
                System.getenv());
    }

    public InputStream in() {
        return in;
    }

    /** Whether a person types what is read. */
    public boolean inIsTerminal() {
        return terminals.contains("i");
    }

    /** Whether a person reads what is printed. */
    public boolean outIsTerminal() {
        return terminals.contains("o");
    }

    /** Whether a person sees messages and progress. */
    public boolean errIsTerminal() {
        return terminals.contains("e");
    }

    /** Whether output may have colours; {@code NO_COLOR} (no-color.org) turns them off. */
    public boolean hasColours() {
        return outIsTerminal() && environment("NO_COLOR").isEmpty();
    }

    /** An environment variable; empty text counts as not set. */
    public Optional<String> environment(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** Prints text and a line's end. */
    public void line(String text) {
        write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Prints text as it is. */
    public void text(String text) {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Prints bytes as they are. Once some were lost nothing more is printed: output with a hole in
     * it is worse than none.
     *
     * @throws ClosedOutputException if nobody reads any more
     * @throws LostOutputException if it cannot be written for another reason
     */
    public synchronized void write(byte[] bytes) {
        checkNothingLost();
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /**
     * Hands on what has been printed. Throws as {@link #write} does, also for what was lost before.
     */
    public synchronized void flush() {
        checkNothingLost();
        try {
            out.flush();
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private void checkNothingLost() {
        if (failure.isPresent()) {
            throw lost(failure.get());
        }
    }

    /** A pipe fails where its reader has gone, whatever the system calls that in its language. */
    private RuntimeException lost(IOException e) {
        failure = Optional.of(e);
        return terminals.contains("p") ? new ClosedOutputException(e) : new LostOutputException(e);
    }

    /** A message to the person, apart from the output. */
    public synchronized void message(String text) {
        err.println(text);
        err.flush();
    }

    /** Where messages and progress go. */
    public PrintStream err() {
        return err;
    }

    /** Asks for a yes where there is a person to ask; everywhere else the answer is yes. */
    public boolean confirm(String question) {
        if (!inIsTerminal() || !errIsTerminal()) {
            return true;
        }
        err.print(question + " [y/N] ");
        err.flush();
        String answer = readLine().strip();
        return answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes");
    }

    private String readLine() {
        StringBuilder line = new StringBuilder();
        try {
            for (int c = in.read(); c != -1 && c != '\n' && line.length() < 100; c = in.read()) {
                line.append((char) c);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString();
    }
}
