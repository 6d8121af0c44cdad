package io.leat.storage.rocks;

import io.leat.storage.api.StorageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads RocksDB's native library. Left to itself RocksDB copies it, some 17 MB, from its jar to
 * {@code java.io.tmpdir} at every start. Where the system property {@value #DIRECTORY_PROPERTY}
 * names a directory, the copy is made there once, and loaded from there ever after.
 */
final class NativeLibrary {
    static final String DIRECTORY_PROPERTY = "leat.native.dir";

    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

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
            RocksDB.loadLibrary(List.of(prepare(directory).toString()));
            return true;
        } catch (IOException | UnsatisfiedLinkError e) {
            // A slower start, and nothing else.
            LOG.debug("no native library in {}: {}", directory, e.toString());
            return false;
        }
    }

    /**
     * The directory that holds the library of the jar in use, which is copied there if it is not.
     */
    private static Path prepare(Path cache) throws IOException {
        String resource = Environment.getJniLibraryFileName("rocksdb");
        URL url = RocksDB.class.getResource("/" + resource);
        if (url == null || !(url.openConnection() instanceof JarURLConnection connection)) {
            throw new FileNotFoundException(resource + " is in no jar");
        }
        // Told apart by the content, so that another version never loads this one's.
        Path directory = cache.resolve("rocksdb-%08x".formatted(connection.getJarEntry().getCrc()));
        // RocksDB looks for the library under a name of its own making, with "jni" in it twice.
        Path library = directory.resolve(Environment.getJniLibraryFileName("rocksdbjni"));
        if (!Files.exists(library)) {
            Files.createDirectories(directory);
            Path fresh = Files.createTempFile(directory, resource, null);
            try (InputStream in = connection.getInputStream()) {
                Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
                Files.move(fresh, library, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        }
        return directory;
    }
}
