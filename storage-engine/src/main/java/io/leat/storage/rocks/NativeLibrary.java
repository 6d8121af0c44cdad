package io.leat.storage.rocks;

import io.leat.storage.api.StorageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.RocksDB;

/**
 * Loads RocksDB's native library: from the directory that the system property {@value
 * #DIRECTORY_PROPERTY} names, where a launcher may have put it once, or from the jar, which copies
 * some 15 MB to {@code java.io.tmpdir} at every start.
 */
final class NativeLibrary {
    static final String DIRECTORY_PROPERTY = "leat.native.dir";

    private NativeLibrary() {}

    static void load() {
        String directory = System.getProperty(DIRECTORY_PROPERTY);
        try {
            if (directory != null && Files.isDirectory(Path.of(directory))) {
                loadFrom(directory);
            } else {
                RocksDB.loadLibrary();
            }
        } catch (UnsatisfiedLinkError | RuntimeException e) {
            throw new StorageException(
                    "the native library of RocksDB cannot be loaded: " + e.getMessage(), e);
        }
    }

    private static void loadFrom(String directory) {
        try {
            RocksDB.loadLibrary(List.of(directory));
        } catch (UnsatisfiedLinkError e) {
            // Not there, or for another platform or version; the jar has the right one.
            RocksDB.loadLibrary();
        }
    }
}
