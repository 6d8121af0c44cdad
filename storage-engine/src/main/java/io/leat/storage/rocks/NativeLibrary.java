package io.leat.storage.rocks;

import io.leat.storage.api.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * Loads RocksDB's native library: from the directory that the system property {@value
 * #DIRECTORY_PROPERTY} names, where the first start puts it, or from the jar, which copies some 15
 * MB to {@code java.io.tmpdir} at every start, and leaves them there when the process is killed.
 */
final class NativeLibrary {
    static final String DIRECTORY_PROPERTY = "leat.native.dir";

    private NativeLibrary() {}

    static void load() {
        String directory = System.getProperty(DIRECTORY_PROPERTY);
        try {
            if (directory == null || !loadFrom(Path.of(directory))) {
                RocksDB.loadLibrary();
            }
        } catch (UnsatisfiedLinkError | RuntimeException e) {
            throw new StorageException(
                    "the native library of RocksDB cannot be loaded: " + e.getMessage(), e);
        }
    }

    private static boolean loadFrom(Path directory) {
        try {
            if (!unpack(directory)) {
                return false;
            }
            RocksDB.loadLibrary(List.of(directory.toString()));
            return true;
        } catch (IOException | UnsatisfiedLinkError e) {
            // Not writable, or for another platform; the jar's own way is only slower.
            return false;
        }
    }

    /** Puts the jar's library into the directory unless it is there; false if the jar has none. */
    private static boolean unpack(Path directory) throws IOException {
        String name = Environment.getJniLibraryFileName("rocksdb");
        @Nullable URL packed = RocksDB.class.getClassLoader().getResource(name);
        if (packed == null) {
            return false;
        }
        Path unpacked = directory.resolve(name);
        var connection = packed.openConnection();
        connection.setUseCaches(false);
        try (InputStream in = connection.getInputStream()) {
            if (Files.isRegularFile(unpacked)
                    && Files.size(unpacked) == connection.getContentLengthLong()) {
                return true;
            }
            Files.createDirectories(directory);
            Path partial = Files.createTempFile(directory, name, ".partial");
            try {
                Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
                // Several first starts may race; each moves a whole file into place.
                Files.move(partial, unpacked, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(partial);
            }
            return true;
        }
    }
}
