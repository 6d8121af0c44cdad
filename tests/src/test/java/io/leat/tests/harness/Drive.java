package io.leat.tests.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A file system of a test's own, whose drive fails as it is told to: it loses its power, breaks,
 * lies, is full or read-only. Made by {@code drive.sh}, which undoes everything when it is closed
 * and also when this JVM ends in whatever way. Tests that use one are marked with {@link
 * NeedsDrive}.
 *
 * <p>One thread.
 */
public final class Drive implements AutoCloseable {
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(1);
    private static final Duration CLOSE_LIMIT = Duration.ofMinutes(1);

    /** What the file system is and lies on. */
    public enum Kind {
        /** Ext4 on a drive that forgets what was not flushed. */
        VOLATILE,
        /** The same without a journal: an I/O error does not make it read-only for good. */
        UNJOURNALED,
        /** Ext4 on a file. */
        LOOP,
        /** A tmpfs. */
        MEMORY
    }

    /** The accesses that fail with an I/O error. */
    public enum Failing {
        NOTHING("-"),
        READS("r"),
        WRITES("w"),
        FLUSHES("f");

        private final String letter;

        Failing(String letter) {
            this.letter = letter;
        }
    }

    /**
     * What a power cut leaves of that which was not flushed.
     *
     * @param percent with this chance each sector of 512 bytes survives: order and gaps are random
     * @param seed decides which
     * @param pushed whether the kernel had handed all its dirty pages to the drive by then
     */
    public record Survivors(int percent, int seed, boolean pushed) {
        /** Nothing that was not flushed. */
        public static Survivors none() {
            return new Survivors(0, 0, false);
        }

        /** Half of it, in no order, with torn pages. */
        public static Survivors half(int seed) {
            return new Survivors(50, seed, true);
        }
    }

    private final Path folder;
    private final Process script;
    private final PrintStream commands;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private Drive(Path folder, Process script) {
        this.folder = folder;
        this.script = script;
        this.commands = new PrintStream(script.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread.ofVirtual().name("drive-answers").start(this::readAnswers);
    }

    /**
     * Makes an empty file system.
     *
     * @param mib its size, with what it needs for itself
     * @throws AssertionError when that does not work
     */
    public static Drive create(Kind kind, int mib) {
        Path folder = Folders.createTemporary("drive-");
        List<String> command =
                List.of(
                        // Out of our process group: what ends us must not end it before its work.
                        "setsid",
                        "bash",
                        resource("drive.sh").toString(),
                        folder.toString(),
                        kind.name().toLowerCase(Locale.ROOT),
                        Integer.toString(mib));
        try {
            Process script =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            Drive drive = new Drive(folder, script);
            drive.awaitOk("create " + kind);
            return drive;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the file system is. */
    public Path files() {
        return folder.resolve("files");
    }

    /** Names the process that has files open here and that a cut freezes and kills. */
    public void belongsTo(TestBroker broker) {
        command("owner " + broker.pid());
    }

    /**
     * Freezes the process that this belongs to, cuts the power, kills the process, switches the
     * power on and mounts what is left. Then accesses fail no more.
     */
    public void cutPower(Survivors survivors) {
        command(
                "cut %d %d %s"
                        .formatted(
                                survivors.percent(),
                                survivors.seed(),
                                survivors.pushed() ? "yes" : "no"));
    }

    /** Writes and flushes all that is not on the drive yet. */
    public void flush() {
        command("flush");
    }

    /** Lets these accesses fail, and no others, until told otherwise. */
    public void fail(Failing what) {
        command("control fail " + what.letter);
    }

    /** From now on flushes succeed and do nothing. */
    public void lie() {
        command("control lie on");
    }

    /**
     * Makes the file system read-only for good, as ext4 does when it finds itself damaged; only for
     * those that are ext4. {@link #replace} makes it writable again.
     */
    public void makeReadOnly() {
        command("protect");
    }

    /** Unmounts the file system, which nobody uses, and mounts it again. */
    public void replace() {
        command("replace");
    }

    /**
     * Fills the file system to the last byte.
     *
     * @return the file to delete when there is to be space again
     */
    public Path fill() {
        Path filler = files().resolve("filler");
        ByteBuffer block = ByteBuffer.allocate(4096);
        try (FileChannel out =
                FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (true) {
                out.write(block.rewind());
            }
        } catch (IOException e) {
            // Full.
            return filler;
        }
    }

    @Override
    public void close() {
        commands.close();
        try {
            if (!script.waitFor(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                script.destroy();
                throw new AssertionError("the drive in " + folder + " does not go away");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void command(String command) {
        commands.println(command);
        awaitOk(command);
    }

    private void awaitOk(String command) {
        try {
            String answer = answers.poll(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (!"ok".equals(answer)) {
                throw new AssertionError(
                        "drive in " + folder + ", " + command + ": " + String.valueOf(answer));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void readAnswers() {
        try (BufferedReader in = script.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                answers.add(line);
            }
        } catch (IOException e) {
            answers.add(e.toString());
        }
        answers.add("it ended");
    }

    private static Path resource(String name) {
        URL url = Drive.class.getResource(name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
