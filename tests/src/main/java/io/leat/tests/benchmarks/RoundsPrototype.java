package io.leat.tests.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Group commit in rounds for all partitions together, stripped to what it takes from the disk: one
 * thread takes what has arrived, makes it durable as a whole, and answers all of it.
 */
final class RoundsPrototype implements GroupCommitBenchmark.Target {
    private static final int JOURNAL_BYTES = 256 << 20;
    private static final int RECORD_HEADER_BYTES = 16;

    private record Append(int partition, ByteBuffer batch, CompletableFuture<Void> done) {}

    /** Makes a round durable. */
    private interface Round {
        void commit(List<Append> appends) throws IOException;
    }

    private final LinkedBlockingQueue<Append> arrived = new LinkedBlockingQueue<>();
    private final List<FileChannel> segments = new ArrayList<>();
    private final List<FileChannel> others = new ArrayList<>();
    private final long[] positions;
    private final Append end =
            new Append(-1, ByteBuffer.allocate(0), CompletableFuture.completedFuture(null));
    private final Thread thread;

    private RoundsPrototype(Path root, int partitions) throws IOException {
        positions = new long[partitions];
        for (int i = 0; i < partitions; i++) {
            segments.add(create(root.resolve(i + ".log")));
        }
        thread = Thread.ofPlatform().name("rounds").unstarted(this::run);
    }

    private Round round = appends -> {};

    /** One journal, forced once a round; segments are written behind it and not forced. */
    static RoundsPrototype journal(Path root, int partitions) throws IOException {
        RoundsPrototype prototype = new RoundsPrototype(root, partitions);
        FileChannel journal = create(root.resolve("journal"));
        // Blocks that were written before: a force has no metadata to write.
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        for (long at = 0; at < JOURNAL_BYTES; at += zeros.capacity()) {
            journal.write(zeros.clear(), at);
        }
        journal.force(true);
        long[] at = new long[1];
        prototype.others.add(journal);
        prototype.round =
                appends -> {
                    at[0] = writeJournal(journal, at[0], appends, prototype);
                    journal.force(false);
                    prototype.writeSegments(appends);
                };
        prototype.thread.start();
        return prototype;
    }

    private static long writeJournal(
            FileChannel journal, long from, List<Append> appends, RoundsPrototype prototype)
            throws IOException {
        int sizeBytes = 0;
        for (Append append : appends) {
            sizeBytes += RECORD_HEADER_BYTES + append.batch.remaining();
        }
        long at = from;
        if (at + sizeBytes > JOURNAL_BYTES) {
            // Before it is written over, what it holds has to be durable in the segments.
            prototype.forceSegments();
            at = 0;
        }
        ByteBuffer bytes = ByteBuffer.allocate(sizeBytes);
        for (Append append : appends) {
            bytes.putLong(append.partition).putLong(append.batch.remaining());
            bytes.put(append.batch.duplicate());
        }
        bytes.flip();
        journal.position(at);
        while (bytes.hasRemaining()) {
            journal.write(bytes);
        }
        return at + sizeBytes;
    }

    private void forceSegments() throws IOException {
        for (FileChannel segment : segments) {
            segment.force(false);
        }
    }

    /** Segments are written, and the whole file system is forced once a round. */
    static RoundsPrototype syncfs(Path root, int partitions) throws IOException {
        RoundsPrototype prototype = new RoundsPrototype(root, partitions);
        int directory = Native.openDirectory(root);
        prototype.round =
                appends -> {
                    prototype.writeSegments(appends);
                    Native.syncfs(directory);
                };
        prototype.thread.start();
        return prototype;
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private void writeSegments(List<Append> appends) throws IOException {
        for (Append append : appends) {
            ByteBuffer batch = append.batch.duplicate();
            positions[append.partition] +=
                    segments.get(append.partition).write(batch, positions[append.partition]);
        }
    }

    @Override
    public CompletableFuture<?> append(int partition, ByteBuffer batch) {
        Append append = new Append(partition, batch, new CompletableFuture<>());
        arrived.add(append);
        return append.done;
    }

    private void run() {
        List<Append> taken = new ArrayList<>();
        try {
            while (true) {
                taken.add(arrived.take());
                arrived.drainTo(taken);
                if (taken.remove(end)) {
                    return;
                }
                round.commit(taken);
                taken.forEach(append -> append.done.complete(null));
                taken.clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        arrived.add(end);
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        for (FileChannel segment : segments) {
            segment.close();
        }
        for (FileChannel other : others) {
            other.close();
        }
    }

    /** What the JDK has no call for. */
    // Restricted: there is no other way to reach syncfs(2).
    @SuppressWarnings("restricted")
    private static final class Native {
        private static final Linker LINKER = Linker.nativeLinker();
        private static final MethodHandle OPEN =
                LINKER.downcallHandle(
                        LINKER.defaultLookup().findOrThrow("open"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                        Linker.Option.firstVariadicArg(2));
        private static final MethodHandle SYNCFS =
                LINKER.downcallHandle(
                        LINKER.defaultLookup().findOrThrow("syncfs"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

        static int openDirectory(Path directory) throws IOException {
            try (Arena arena = Arena.ofConfined()) {
                int descriptor =
                        (int) OPEN.invokeExact(arena.allocateFrom(directory.toString()), 0);
                if (descriptor < 0) {
                    throw new IOException("cannot open " + directory);
                }
                return descriptor;
            } catch (IOException e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        static void syncfs(int descriptor) throws IOException {
            int result;
            try {
                result = (int) SYNCFS.invokeExact(descriptor);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
            if (result != 0) {
                throw new IOException("syncfs failed");
            }
        }
    }
}
