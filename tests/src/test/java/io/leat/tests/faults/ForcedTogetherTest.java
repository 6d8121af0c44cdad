package io.leat.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.local.Disk;
import io.leat.storage.local.DiskFile;
import io.leat.storage.local.FileDisk;
import io.leat.storage.system.FileSystemType.Overwrite;
import io.leat.storage.system.ForceCheck;
import io.leat.storage.system.WriteOut;
import io.leat.tests.harness.Drive;
import io.leat.tests.harness.NeedsDrive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Parts of several files are written out over room made ready before, and one of the files is
 * forced: after a power cut all of them are there, on a drive that forgets what was not flushed.
 *
 * <p>{@code -Dleat.tests.cuts=200} cuts more often than the build does.
 */
@NeedsDrive
@Timeout(3_600)
class ForcedTogetherTest {
    private static final int CUTS = Integer.getInteger("leat.tests.cuts", 10);
    private static final long SEED = Long.getLong("leat.tests.seed", System.nanoTime());
    private static final int DRIVE_MIB = 64;
    private static final int FILES = 4;
    private static final int ROOM_BYTES = 2 << 20;

    /** A file, and what was written to it. */
    private record Written(DiskFile file, ByteArrayOutputStream bytes) {
        void append(byte[] piece) throws IOException {
            file.write(ByteBuffer.wrap(piece), bytes.size());
            bytes.writeBytes(piece);
        }
    }

    @BeforeAll
    static void prepare() throws Exception {
        WriteOut.prepared().get(1, TimeUnit.MINUTES);
    }

    @Test
    void whatWasForcedTogetherIsThere() throws Exception {
        try (Drive drive = Drive.create(Drive.Kind.VOLATILE, DRIVE_MIB)) {
            for (int i = 0; i < CUTS; i++) {
                Random random = new Random(SEED + i);
                assertEquals(0, lostFiles(drive, random, true), "seed " + SEED + " and " + i);
            }
        }
    }

    /** What is only written out is in the drive's cache: the test above would see it. */
    @Test
    void whatWasOnlyWrittenOutIsLost() throws Exception {
        try (Drive drive = Drive.create(Drive.Kind.VOLATILE, DRIVE_MIB)) {
            assertEquals(FILES, lostFiles(drive, new Random(SEED), false));
        }
    }

    /** How many files do not have what they should have after a power cut. */
    private static int lostFiles(Drive drive, Random random, boolean forced) throws IOException {
        Path folder = Files.createDirectories(drive.files().resolve("files-" + forced));
        FileDisk disk = new FileDisk(ForceCheck.in(folder), Overwrite.IN_PLACE);
        List<Written> all = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            Path path = folder.resolve("file-" + i);
            disk.delete(path);
            DiskFile file = disk.open(path, Disk.Access.CREATE);
            assertTrue(file.makeReady(0, ROOM_BYTES));
            file.force();
            all.add(new Written(file, new ByteArrayOutputStream()));
        }
        disk.forceDirectory(folder);
        disk.forceDirectory(drive.files());
        int rounds = 5 + random.nextInt(80);
        for (int i = 0; i < rounds; i++) {
            round(all, random, forced);
        }
        List<byte[]> expected = all.stream().map(one -> one.bytes.toByteArray()).toList();
        for (Written one : all) {
            one.append(piece(random));
            one.file.close();
        }
        drive.cutPower(
                forced && random.nextBoolean()
                        ? Drive.Survivors.half(random.nextInt(Integer.MAX_VALUE))
                        : Drive.Survivors.none());
        int lost = 0;
        for (int i = 0; i < FILES; i++) {
            ByteBuffer found = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("file-" + i)));
            assertEquals(ROOM_BYTES, found.remaining());
            lost +=
                    found.limit(expected.get(i).length).equals(ByteBuffer.wrap(expected.get(i)))
                            ? 0
                            : 1;
        }
        return lost;
    }

    private static void round(List<Written> all, Random random, boolean forced) throws IOException {
        List<Integer> from = all.stream().map(one -> one.bytes.size()).toList();
        for (Written one : all) {
            one.append(piece(random));
        }
        for (int i = 0; i < FILES; i++) {
            assertTrue(all.get(i).file.beginWriteOut(from.get(i), all.get(i).bytes.size()));
        }
        for (int i = 0; i < FILES; i++) {
            all.get(i).file.endWriteOut(from.get(i), all.get(i).bytes.size());
        }
        if (forced) {
            all.get(random.nextInt(FILES)).file.force();
        }
    }

    private static byte[] piece(Random random) {
        byte[] piece = new byte[1 + random.nextInt(20_000)];
        random.nextBytes(piece);
        return piece;
    }
}
