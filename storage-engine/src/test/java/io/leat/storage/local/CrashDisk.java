package io.leat.storage.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A disk whose power can be cut. It works on real files below a root, and remembers which of their
 * bytes and names were forced. {@link #cutPower} writes another root as the disk may be found
 * afterwards: with all that was forced, and of the rest what a seed decides; each sector of 512
 * bytes may have been written, lost or garbled by itself, names were made, moved and removed in
 * order or not at all. From then on every call fails.
 *
 * <p>It can also run full, and fail to open, write or force. After a force that failed it does as
 * Linux does: reads show what was written, the next force succeeds, and yet none of it is ever on
 * the disk.
 */
public final class CrashDisk implements Disk {
    private static final int SECTOR_BYTES = 512;

    /** A file or directory, whatever its name. */
    private static final class Node {
        private final boolean directory;
        // Of a file: what was forced, what came since, and whether stores into a mapping may have.
        private byte[] forced = new byte[0];
        private final List<Change> changes = new ArrayList<>();
        private boolean mapped;
        // Of a directory.
        private final Map<String, Node> names = new LinkedHashMap<>();
        private final Map<String, Node> forcedNames = new LinkedHashMap<>();
        private final List<NameChange> nameChanges = new ArrayList<>();

        Node(boolean directory) {
            this.directory = directory;
        }
    }

    /** Bytes written, or without bytes the file cut or grown to a size. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Change(long position, byte @Nullable [] bytes, long size) {}

    /**
     * A name given to a node, or without a node taken away.
     *
     * @param tied whether it is one change with the one before, as a rename is
     */
    private record NameChange(String name, @Nullable Node node, boolean tied) {}

    private final FileDisk files = new FileDisk();
    private final Path root;
    private final Node rootNode = new Node(true);
    // Written out, and in the drive's cache until something is forced.
    private final List<WrittenOut> writtenOut = new ArrayList<>();
    private int writtenOutCount;
    private boolean off;
    private long capacityBytes = Long.MAX_VALUE;
    private long usedBytes;
    private Predicate<Path> lies = path -> false;
    private boolean quiet;
    private boolean namesInAnyOrder;
    private long changesLeft = Long.MAX_VALUE;
    private @Nullable PowerCut due;
    private long changes;
    private @Nullable String writeFailure;
    private @Nullable String forceFailure;
    private @Nullable String openFailure;
    private volatile Consumer<Step> step = what -> {};

    /**
     * @param root what is there counts as forced
     */
    public CrashDisk(Path root) {
        this.root = root.toAbsolutePath();
        try {
            Files.createDirectories(root);
            adopt(rootNode, this.root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void adopt(Node node, Path path) throws IOException {
        if (!node.directory) {
            node.forced = Files.readAllBytes(path);
            usedBytes += node.forced.length;
            return;
        }
        for (Path child : files.list(path).stream().sorted().toList()) {
            Node childNode = new Node(Files.isDirectory(child));
            node.names.put(child.getFileName().toString(), childNode);
            adopt(childNode, child);
        }
        node.forcedNames.putAll(node.names);
    }

    /** Every write that does not fit fails as on a full disk, partly written. */
    public synchronized void capacity(long bytes) {
        capacityBytes = bytes;
    }

    /** The bytes in use. */
    public synchronized long usedBytes() {
        return usedBytes;
    }

    /** Every write from now on fails with this message; none does with null. */
    public synchronized void failWrites(@Nullable String message) {
        writeFailure = message;
    }

    /** Every force from now on fails with this message; none does with null. */
    public synchronized void failForces(@Nullable String message) {
        forceFailure = message;
    }

    /** No file can be opened from now on, for that reason; all can with null. */
    public synchronized void failOpens(@Nullable String reason) {
        openFailure = reason;
    }

    /** Something that is about to be done. */
    public enum Step {
        OPEN,
        CHANGE
    }

    /** Calls {@code step} before files are opened, and before anything is changed or forced. */
    public void atEachStep(Consumer<Step> step) {
        this.step = step;
    }

    /** From now on forces are acknowledged and not done. */
    public synchronized void lie() {
        lieAbout(path -> true);
    }

    /** From now on forces of these files and directories are acknowledged and not done. */
    public synchronized void lieAbout(Predicate<Path> about) {
        lies = about;
    }

    /** From now on forces that fail are acknowledged. */
    public synchronized void hideFailedForces() {
        quiet = true;
    }

    /**
     * What was not forced of the names in a directory is made, moved and removed in any order: more
     * than file systems do, and all that {@link Disk} promises.
     */
    public synchronized void namesInAnyOrder() {
        namesInAnyOrder = true;
    }

    /** Turns the power off before so many more changes have been made; see {@link #cutPower}. */
    public synchronized void cutPowerAfter(long moreChanges, Path survivors, Random random) {
        changesLeft = moreChanges;
        due = new PowerCut(survivors, random);
    }

    /** Whether the power is off. */
    public synchronized boolean isOff() {
        return off;
    }

    /** How many changes were made or tried. */
    public synchronized long changes() {
        return changes;
    }

    /** Bytes of a file that outlive a power cut after the next force, if they were there before. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record WrittenOut(Node node, long from, byte[] bytes) {
        void force() {
            int count = Math.clamp(node.forced.length - from, 0, bytes.length);
            System.arraycopy(
                    bytes, 0, node.forced, (int) Math.min(from, node.forced.length), count);
            List<Change> left = new ArrayList<>();
            for (Change change : node.changes) {
                if (change.bytes == null) {
                    left.add(change);
                    continue;
                }
                long changeEnd = change.position + change.bytes.length;
                addPart(left, change, change.position, Math.min(changeEnd, from));
                addPart(left, change, Math.max(change.position, from + count), changeEnd);
            }
            node.changes.clear();
            node.changes.addAll(left);
        }

        private static void addPart(List<Change> to, Change change, long from, long end) {
            if (from < end) {
                int at = (int) (from - change.position);
                byte[] part = Arrays.copyOfRange(change.bytes, at, (int) (at + end - from));
                to.add(new Change(from, part, -1));
            }
        }
    }

    /** How often a part of a file was written out, to be forced with others. */
    public synchronized int writtenOutCount() {
        return writtenOutCount;
    }

    private record PowerCut(Path survivors, Random random) {}

    /** Something is about to change. */
    private void change() throws IOException {
        PowerCut cut = due;
        if (changesLeft == 0 && cut != null) {
            due = null;
            cutPower(cut.survivors, cut.random);
        }
        requirePower();
        changes++;
        changesLeft--;
    }

    /** Turns the power off, and writes what is left to {@code survivors}, an empty directory. */
    public synchronized void cutPower(Path survivors, Random random) throws IOException {
        off = true;
        survive(rootNode, survivors, random);
    }

    private void survive(Node directory, Path to, Random random) throws IOException {
        Files.createDirectories(to);
        Map<String, Node> names = new LinkedHashMap<>(directory.forcedNames);
        int count = directory.nameChanges.size();
        int last = namesInAnyOrder ? count : random.nextInt(count + 1);
        boolean lost = false;
        for (NameChange change : directory.nameChanges.subList(0, last)) {
            lost = namesInAnyOrder && (change.tied ? lost : random.nextBoolean());
            if (lost) {
                continue;
            }
            if (change.node == null) {
                names.remove(change.name);
            } else {
                names.put(change.name, change.node);
            }
        }
        for (Map.Entry<String, Node> entry : names.entrySet()) {
            Node node = entry.getValue();
            Path target = to.resolve(entry.getKey());
            if (node.directory) {
                survive(node, target, random);
            } else {
                Files.write(target, surviving(node, pathOf(rootNode, root, node), random));
            }
        }
    }

    private static byte[] surviving(Node node, @Nullable Path live, Random random)
            throws IOException {
        // Sometimes all is lost, sometimes all is there, mostly something in between.
        int keptPercent = random.nextInt(4) == 0 ? random.nextInt(2) * 100 : random.nextInt(101);
        byte[] content = node.forced.clone();
        byte[] complete = node.forced.clone();
        for (Change change : node.changes) {
            complete = applied(complete, change);
            content = survivingChange(content, change, keptPercent, random);
        }
        if (node.mapped && live != null) {
            byte[] actual = Files.readAllBytes(live);
            for (int at = 0; at < Math.min(content.length, actual.length); at += SECTOR_BYTES) {
                int end = Math.min(at + SECTOR_BYTES, Math.min(content.length, actual.length));
                boolean stored =
                        end > complete.length || !Arrays.equals(actual, at, end, complete, at, end);
                if (stored && random.nextInt(100) < keptPercent) {
                    System.arraycopy(actual, at, content, at, end - at);
                }
            }
        }
        return content;
    }

    private static byte[] survivingChange(
            byte[] before, Change change, int keptPercent, Random random) {
        if (change.bytes == null) {
            return random.nextInt(100) < keptPercent ? applied(before, change) : before;
        }
        byte[] after = before;
        long at = change.position;
        long end = change.position + change.bytes.length;
        while (at < end) {
            long sectorEnd = Math.min(end, (at / SECTOR_BYTES + 1) * SECTOR_BYTES);
            if (random.nextInt(100) < keptPercent) {
                int from = (int) (at - change.position);
                byte[] piece =
                        Arrays.copyOfRange(change.bytes, from, (int) (from + sectorEnd - at));
                if (random.nextInt(200) == 0) {
                    piece[random.nextInt(piece.length)] ^= (byte) (1 + random.nextInt(255));
                }
                after = applied(after, new Change(at, piece, -1));
            }
            at = sectorEnd;
        }
        return after;
    }

    private static byte[] applied(byte[] content, Change change) {
        if (change.bytes == null) {
            return Arrays.copyOf(content, (int) change.size);
        }
        int end = (int) (change.position + change.bytes.length);
        byte[] after = content.length < end ? Arrays.copyOf(content, end) : content;
        System.arraycopy(change.bytes, 0, after, (int) change.position, change.bytes.length);
        return after;
    }

    private static @Nullable Path pathOf(Node directory, Path path, Node wanted) {
        for (Map.Entry<String, Node> entry : directory.names.entrySet()) {
            Path child = path.resolve(entry.getKey());
            Node node = entry.getValue();
            if (node == wanted) {
                return child;
            }
            Path below = node.directory ? pathOf(node, child, wanted) : null;
            if (below != null) {
                return below;
            }
        }
        return null;
    }

    private void requirePower() throws IOException {
        if (off) {
            throw new IOException("the power is off");
        }
    }

    private Node directoryOf(Path path) throws IOException {
        Node node = nodeOf(path.getParent());
        if (node == null || !node.directory) {
            throw new IOException("no directory for " + path);
        }
        return node;
    }

    private @Nullable Node nodeOf(Path path) {
        Node node = rootNode;
        for (Path name : root.relativize(path.toAbsolutePath())) {
            if (name.toString().isEmpty()) {
                continue;
            }
            node = node.names.get(name.toString());
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    private static void rename(Node directory, String name, @Nullable Node node) {
        rename(directory, name, node, false);
    }

    private static void rename(Node directory, String name, @Nullable Node node, boolean tied) {
        if (node == null) {
            directory.names.remove(name);
        } else {
            directory.names.put(name, node);
        }
        directory.nameChanges.add(new NameChange(name, node, tied));
    }

    @Override
    public DiskFile open(Path file, Access access) throws IOException {
        step.accept(Step.OPEN);
        synchronized (this) {
            requirePower();
            if (openFailure != null) {
                throw new FileSystemException(file.toString(), null, openFailure);
            }
            Node node = nodeOf(file);
            if (node == null && access == Access.CREATE) {
                change();
                node = new Node(false);
                rename(directoryOf(file), file.getFileName().toString(), node);
            }
            DiskFile real = files.open(file, access);
            return new CrashFile(real, node);
        }
    }

    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        requirePower();
        if (nodeOf(directory) == null) {
            change();
            createDirectories(directory.toAbsolutePath().getParent());
            rename(directoryOf(directory), directory.getFileName().toString(), new Node(true));
        }
        files.createDirectories(directory);
    }

    @Override
    public synchronized List<Path> list(Path directory) throws IOException {
        requirePower();
        return files.list(directory).stream().sorted().toList();
    }

    @Override
    public synchronized boolean exists(Path path) {
        return files.exists(path);
    }

    @Override
    public synchronized long sizeBytes(Path file) throws IOException {
        requirePower();
        return files.sizeBytes(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step.accept(Step.CHANGE);
        synchronized (this) {
            change();
            Node node = nodeOf(from);
            files.rename(from, to);
            rename(directoryOf(to), to.getFileName().toString(), node);
            boolean within = directoryOf(from) == directoryOf(to);
            rename(directoryOf(from), from.getFileName().toString(), null, within);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        step.accept(Step.CHANGE);
        synchronized (this) {
            requirePower();
            Node node = nodeOf(path);
            if (node != null) {
                change();
                if (!node.directory) {
                    usedBytes -= files.sizeBytes(path);
                }
                files.delete(path);
                rename(directoryOf(path), path.getFileName().toString(), null);
            }
        }
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        step.accept(Step.CHANGE);
        synchronized (this) {
            change();
            if ((quiet && forceFailure != null) || lies.test(directory)) {
                return;
            }
            requireForce();
            Node node = nodeOf(directory);
            if (node == null) {
                throw new IOException("no directory " + directory);
            }
            node.forcedNames.clear();
            node.forcedNames.putAll(node.names);
            node.nameChanges.clear();
        }
    }

    @Override
    public synchronized Optional<ByteBuffer> readFromDisk(Path file, long position, int sizeBytes)
            throws IOException {
        requirePower();
        Node node = nodeOf(file);
        if (node == null) {
            throw new NoSuchFileException(file.toString());
        }
        int from = (int) Math.min(position, node.forced.length);
        int size = Math.min(node.forced.length - from, sizeBytes);
        return Optional.of(ByteBuffer.wrap(node.forced).slice(from, size));
    }

    private void requireForce() throws IOException {
        if (forceFailure != null) {
            throw new IOException(forceFailure);
        }
    }

    /** In steps so small that every log has some. */
    @Override
    public Optional<RoomSteps> readyRoom() {
        return Optional.of(new RoomSteps(SECTOR_BYTES, SECTOR_BYTES, 4 * SECTOR_BYTES));
    }

    @Override
    public boolean isFull(Path path, IOException failure) {
        return files.isFull(path, failure);
    }

    private final class CrashFile implements DiskFile {
        private final DiskFile real;
        private final Node node;

        CrashFile(DiskFile real, Node node) {
            this.real = real;
            this.node = node;
        }

        @Override
        public Path path() {
            return real.path();
        }

        @Override
        public long sizeBytes() throws IOException {
            return real.sizeBytes();
        }

        @Override
        public void write(ByteBuffer[] buffers, long position) throws IOException {
            step.accept(Step.CHANGE);
            synchronized (CrashDisk.this) {
                change();
                if (writeFailure != null) {
                    throw new IOException(writeFailure);
                }
                long at = position;
                for (ByteBuffer buffer : buffers) {
                    at += writeOne(buffer, at);
                }
            }
        }

        private int writeOne(ByteBuffer buffer, long position) throws IOException {
            long grows = Math.max(0, position + buffer.remaining() - real.sizeBytes());
            long missing = Math.max(0, usedBytes + grows - capacityBytes);
            boolean fits = grows == 0 || missing == 0;
            long lost = fits ? 0 : Math.min(buffer.remaining(), missing);
            int count = buffer.remaining() - (int) lost;
            byte[] bytes = new byte[count];
            buffer.get(bytes);
            long before = real.sizeBytes();
            real.write(ByteBuffer.wrap(bytes), position);
            usedBytes += real.sizeBytes() - before;
            if (count > 0) {
                node.changes.add(new Change(position, bytes, -1));
            }
            if (!fits) {
                throw new IOException("No space left on device");
            }
            return count;
        }

        @Override
        public void read(ByteBuffer buffer, long position) throws IOException {
            real.read(buffer, position);
        }

        /** Whether what is sent to the drive now gets there, rather than is said to. */
        private boolean reachesDrive() throws IOException {
            change();
            if (forceFailure != null) {
                node.changes.clear();
            }
            if ((quiet && forceFailure != null) || lies.test(real.path())) {
                return false;
            }
            requireForce();
            return true;
        }

        @Override
        public void force() throws IOException {
            step.accept(Step.CHANGE);
            synchronized (CrashDisk.this) {
                if (!reachesDrive()) {
                    return;
                }
                writtenOut.forEach(WrittenOut::force);
                writtenOut.clear();
                for (Change change : node.changes) {
                    node.forced = applied(node.forced, change);
                }
                node.changes.clear();
                if (node.mapped) {
                    ByteBuffer actual = ByteBuffer.allocate((int) real.sizeBytes());
                    real.read(actual, 0);
                    node.forced = Arrays.copyOf(actual.array(), actual.position());
                }
            }
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            step.accept(Step.CHANGE);
            synchronized (CrashDisk.this) {
                requirePower();
                if (real.sizeBytes() > sizeBytes) {
                    change();
                    usedBytes -= real.sizeBytes() - sizeBytes;
                    real.truncate(sizeBytes);
                    node.changes.add(new Change(-1, null, sizeBytes));
                }
            }
        }

        @Override
        public boolean makeReady(long from, long to) {
            try {
                write(ByteBuffer.allocate((int) (to - from)), from);
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public boolean beginWriteOut(long from, long to) {
            return true;
        }

        @Override
        public void endWriteOut(long from, long to) throws IOException {
            step.accept(Step.CHANGE);
            synchronized (CrashDisk.this) {
                if (!reachesDrive()) {
                    return;
                }
                ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
                real.read(bytes, from);
                writtenOut.add(new WrittenOut(node, from, bytes.array()));
                writtenOutCount++;
            }
        }

        @Override
        public MemorySegment map(boolean writable, long spanBytes, Arena arena) throws IOException {
            synchronized (CrashDisk.this) {
                requirePower();
                node.mapped |= writable;
                return real.map(writable, spanBytes, arena);
            }
        }

        @Override
        public FileChannel channel() {
            return real.channel();
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }
}
