package io.leat.storage.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** The machine's file system without forces, for tests that open stores by the thousand. */
final class UnforcedDisk extends ForwardingDisk {
    @Override
    public DiskFile open(Path file, Access access) throws IOException {
        return new UnforcedFile(super.open(file, access));
    }

    @Override
    public void forceDirectory(Path directory) {}

    @Override
    public Optional<ByteBuffer> readFromDisk(Path file, long position, int sizeBytes) {
        return Optional.empty();
    }

    private static final class UnforcedFile extends ForwardingFile {
        UnforcedFile(DiskFile file) {
            super(file);
        }

        @Override
        public void force() {}
    }
}
