package io.leat.storage.system;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * Has parts of a file written from the system's memory to its drive, and waits for that, with
 * Linux's {@code sync_file_range(2)}: so that the parts of several files go out at the same time,
 * for one thread.
 *
 * <p>That is less than a force. Nothing about the file is written, neither its size nor where its
 * blocks are, and the drive may still hold the bytes in a cache. Only where the bytes stand over
 * others that were forced before, on a file system that writes over them in place, do they outlive
 * a power cut, once a file on the same file system is forced after {@link #end}.
 *
 * <p>Any thread.
 */
public final class WriteOut implements AutoCloseable {
    private static final int O_RDONLY = 0;
    private static final int O_CLOEXEC = 0x80000;
    private static final int WAIT_BEFORE = 1;
    private static final int WRITE = 2;
    private static final int WAIT_AFTER = 4;

    private static final int EPERM = 1;
    private static final int EINVAL = 22;
    private static final int ESPIPE = 29;
    private static final int ENOSYS = 38;

    private final Path file;
    private final MemorySegment error = Arena.ofAuto().allocate(Native.STATE);

    // Guarded by this, over I/O too: a descriptor that was closed meanwhile may be another file's.
    private int descriptor;

    private WriteOut(Path file, int descriptor) {
        this.file = file;
        this.descriptor = descriptor;
    }

    /**
     * For a file that is there; nothing where the system has no such call, or grants none, or
     * before {@link #prepared}, which begins with the first use. Waits for nothing.
     */
    public static Optional<WriteOut> of(Path file) {
        if (!System.getProperty("os.name").equals("Linux")
                || !WriteOut.class.getModule().isNativeAccessEnabled()
                || prepared().state() != Future.State.SUCCESS) {
            return Optional.empty();
        }
        int descriptor = Native.open(file);
        return descriptor < 0 ? Optional.empty() : Optional.of(new WriteOut(file, descriptor));
    }

    /**
     * Done when the system's calls are found, which takes some milliseconds of a thread of its own.
     */
    public static CompletableFuture<Void> prepared() {
        return Preparation.DONE;
    }

    /**
     * Begins to write out what was written between these positions.
     *
     * @return false where that cannot be done here
     * @throws IOException when something of the file could not be written out, now or before
     */
    public synchronized boolean begin(long from, long to) throws IOException {
        return call(from, to, WRITE);
    }

    /**
     * Waits until what was written between these positions before is on the drive, or in its cache.
     *
     * @throws IOException when something of the file could not be written out, now or before
     */
    public synchronized void end(long from, long to) throws IOException {
        if (!call(from, to, WAIT_BEFORE | WRITE | WAIT_AFTER)) {
            throw new IOException("%s cannot be written out any more".formatted(file));
        }
    }

    private boolean call(long from, long to, int flags) throws IOException {
        if (descriptor < 0) {
            throw new IOException("%s is closed".formatted(file));
        }
        int failure = Native.syncFileRange(error, descriptor, from, to - from, flags);
        return switch (failure) {
            case 0 -> true;
            case EPERM, EINVAL, ESPIPE, ENOSYS -> false;
            default ->
                    throw new IOException(
                            "%s cannot be written out: error %d".formatted(file, failure));
        };
    }

    @Override
    public synchronized void close() {
        if (descriptor >= 0) {
            Native.close(descriptor);
            descriptor = -1;
        }
    }

    private static final class Preparation {
        static final CompletableFuture<Void> DONE =
                CompletableFuture.runAsync(
                        Native::find,
                        find -> Thread.ofPlatform().daemon().name("leat-native").start(find));

        private Preparation() {}
    }

    /** The system's calls. */
    // Restricted: there is no other way to reach them.
    @SuppressWarnings("restricted")
    private static final class Native {
        private static final StructLayout STATE = Linker.Option.captureStateLayout();
        private static final VarHandle ERRNO =
                STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        private static final Linker LINKER = Linker.nativeLinker();
        private static final MethodHandle OPEN =
                LINKER.downcallHandle(
                        LINKER.defaultLookup().findOrThrow("open"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                        Linker.Option.firstVariadicArg(2));
        private static final MethodHandle CLOSE =
                LINKER.downcallHandle(
                        LINKER.defaultLookup().findOrThrow("close"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        private static final MethodHandle SYNC_FILE_RANGE =
                LINKER.downcallHandle(
                        LINKER.defaultLookup().findOrThrow("sync_file_range"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT),
                        Linker.Option.captureCallState("errno"));

        private Native() {}

        /** Has all of them be found. */
        static void find() {
            // To come here initialises the class, and that finds them.
        }

        static int open(Path file) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment name = arena.allocateFrom(file.toString());
                return (int) OPEN.invokeExact(name, O_RDONLY | O_CLOEXEC);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        static void close(int descriptor) {
            try {
                int _ = (int) CLOSE.invokeExact(descriptor);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        /** The error's number, or 0. */
        static int syncFileRange(
                MemorySegment error, int descriptor, long from, long count, int flags) {
            try {
                int result =
                        (int) SYNC_FILE_RANGE.invokeExact(error, descriptor, from, count, flags);
                return result == 0 ? 0 : (int) ERRNO.get(error, 0L);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
