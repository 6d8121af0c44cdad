package io.leat.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.leat.storage.local.Disk;
import io.leat.storage.local.DiskFile;
import io.leat.storage.local.FileDisk;
import io.leat.storage.system.FileSystemType.Overwrite;
import io.leat.storage.system.ForceCheck;
import io.leat.tests.harness.Await;
import io.leat.tests.harness.Drive;
import io.leat.tests.harness.NeedsDrive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Ext4 aborts its journal under threads that append to files of their own and force them one append
 * at a time. What was forced by then is there after the next mount; without the check the last
 * forced append of some thread is not, in one run of four.
 *
 * <p>{@code -Dleat.tests.aborts=100} does it more often than the build.
 */
@NeedsDrive
@Timeout(3_600)
class ForceCheckTest {
    private static final int ABORTS = Integer.getInteger("leat.tests.aborts", 3);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int DRIVE_MIB = 64;
    private static final int THREADS = 8;
    private static final int FORCES_MIN = 20;

    @Test
    void whatWasForcedWhileAJournalAbortsIsThere() throws Exception {
        AtomicInteger doubted = new AtomicInteger();
        for (int i = 0; i < ABORTS; i++) {
            try (Drive drive = Drive.create(Drive.Kind.LOOP, DRIVE_MIB)) {
                Path folder = drive.files();
                FileDisk disk =
                        new FileDisk(counting(ForceCheck.in(folder), doubted), Overwrite.ANYWHERE);
                List<Appending> all = new ArrayList<>();
                for (int t = 0; t < THREADS; t++) {
                    all.add(new Appending(disk, folder.resolve("file-" + t)));
                }
                disk.forceDirectory(folder);
                all.forEach(one -> one.thread.start());
                Await.until(
                        () -> "forces of all: " + all,
                        LIMIT,
                        () -> all.stream().allMatch(one -> one.forced.get() >= FORCES_MIN));
                drive.makeReadOnly();
                Await.until(
                        () -> "the end of all: " + all,
                        LIMIT,
                        () -> all.stream().noneMatch(one -> one.thread.isAlive()));
                assertThrows(IOException.class, () -> disk.forceDirectory(folder));
                drive.replace();
                for (Appending one : all) {
                    assertEquals(List.of(), one.lost(), all::toString);
                }
            }
        }
        System.out.printf(
                "journal aborted %d times under %d threads: no forced append lost, %d of the"
                        + " forces that succeeded were doubted%n",
                ABORTS, THREADS, doubted.get());
    }

    private static ForceCheck counting(ForceCheck check, AtomicInteger doubted) {
        return () -> {
            try {
                check.afterForce();
            } catch (IOException e) {
                doubted.incrementAndGet();
                throw e;
            }
        };
    }

    /** One thread and its file of numbers. */
    private static final class Appending {
        private final DiskFile file;
        private final Thread thread = new Thread(this::append, "appending");
        private final AtomicInteger forced = new AtomicInteger();

        Appending(FileDisk disk, Path path) throws IOException {
            file = disk.open(path, Disk.Access.CREATE);
        }

        private void append() {
            try (file) {
                ByteBuffer number = ByteBuffer.allocate(Integer.BYTES);
                while (true) {
                    int next = forced.get();
                    file.write(number.clear().putInt(0, next), (long) Integer.BYTES * next);
                    file.force();
                    forced.set(next + 1);
                }
            } catch (IOException e) {
                // The journal is gone.
            }
        }

        /** The numbers that were forced and are not there. */
        List<Integer> lost() {
            try {
                ByteBuffer found = ByteBuffer.wrap(Files.readAllBytes(file.path()));
                int size = found.remaining() / Integer.BYTES;
                List<Integer> lost = new ArrayList<>();
                for (int i = 0; i < forced.get(); i++) {
                    if (i >= size || found.getInt(Integer.BYTES * i) != i) {
                        lost.add(i);
                    }
                }
                return lost;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String toString() {
            return forced + " forced";
        }
    }
}
