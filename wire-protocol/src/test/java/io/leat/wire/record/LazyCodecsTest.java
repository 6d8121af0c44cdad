package io.leat.wire.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A process that sees no compressed batch loads no codec, and so no native library. */
class LazyCodecsTest {
    @Test
    void uncompressedBatchesLoadNoCodec() throws ReflectiveOperationException {
        RecordingLoader loader = new RecordingLoader();
        Supplier<?> work =
                (Supplier<?>)
                        loader.loadClass(UncompressedWork.class.getName())
                                .getDeclaredConstructor()
                                .newInstance();

        assertEquals("read", work.get());
        assertTrue(loader.loaded.contains(RecordReader.class.getName()));
        assertEquals(Set.of(), loader.loadedFrom("net.jpountz", "com.github.luben", "org.xerial"));
    }

    /** Loaded a second time, by a loader that takes notes. */
    public static final class UncompressedWork implements Supplier<String> {
        @Override
        public String get() {
            var bytes = TestBatches.of(Compression.NONE, 3);
            boolean sound =
                    BatchCheck.ofProduced(RecordBatch.of(bytes)) instanceof BatchCheck.Passed
                            && TestBatches.checkRecords(bytes) instanceof BatchCheck.Passed
                            && TestBatches.read(bytes).size() == 3;
            return sound ? "read" : "failed";
        }
    }

    private static final class RecordingLoader extends ClassLoader {
        final Set<String> loaded = new TreeSet<>();

        RecordingLoader() {
            super(LazyCodecsTest.class.getClassLoader());
        }

        Set<String> loadedFrom(String... packages) {
            Set<String> found = new TreeSet<>(loaded);
            found.removeIf(name -> Set.of(packages).stream().noneMatch(name::startsWith));
            return found;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            loaded.add(name);
            Class<?> known = findLoadedClass(name);
            if (known != null || !name.startsWith("io.leat.")) {
                return known != null ? known : super.loadClass(name, resolve);
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
