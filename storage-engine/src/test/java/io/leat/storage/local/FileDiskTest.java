package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.system.FileSystemType.Overwrite;
import io.leat.storage.system.ForceCheck;
import io.leat.storage.system.WriteOut;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileDiskTest {
    @TempDir private Path directory;

    @Test
    void a_mapping_that_fails_leaves_the_file_as_long_as_it_was() throws IOException {
        boolean failed = false;
        try (DiskFile file = new FileDisk().open(directory.resolve("f"), Disk.Access.CREATE);
                Arena arena = Arena.ofConfined()) {
            file.write(ByteBuffer.allocate(100), 0);
            // More than there are addresses, or than the file system lets a file have.
            for (int i = 0; i < 40 && !failed; i++) {
                failed = fails(file, 8L << 40, arena);
                assertEquals(100, file.sizeBytes());
            }
        }
        assertTrue(failed);
    }

    /** A copy that shares the file's blocks moves what is written over to others. */
    @ParameterizedTest
    @EnumSource
    @EnabledOnOs(OS.LINUX)
    void parts_are_written_out_only_where_they_stay_in_their_place(Overwrite overwrite)
            throws IOException {
        WriteOut.prepared().join();
        FileDisk disk = new FileDisk(ForceCheck.NONE, overwrite);
        assertEquals(overwrite != Overwrite.ANYWHERE, disk.readyRoom().isPresent());
        try (DiskFile file = disk.open(directory.resolve("f"), Disk.Access.CREATE)) {
            boolean direct = file.makeReady(0, 64 << 10);
            file.force();
            file.write(ByteBuffer.allocate(100), 0);
            assertEquals(direct && overwrite == Overwrite.IN_PLACE, file.beginWriteOut(0, 100));
        }
    }

    private static boolean fails(DiskFile file, long spanBytes, Arena arena) {
        try {
            var _ = file.map(false, spanBytes, arena);
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
