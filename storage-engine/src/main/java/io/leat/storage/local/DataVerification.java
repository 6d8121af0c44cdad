package io.leat.storage.local;

import io.leat.storage.api.StorageException;
import io.leat.storage.api.StoredFile;
import io.leat.storage.api.StoredFile.Flaw;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Reads every file of a data directory that no broker uses, and says what each holds and what is
 * wrong with it. Nothing is changed. One thread.
 */
public final class DataVerification {
    private final Path root;
    private final Consumer<StoredFile> found;
    private final LongConsumer progress;
    private final Map<CheckpointFile.Key, LogCheckpoint> checkpoints = new HashMap<>();
    private long readBytes;

    private DataVerification(Path root, Consumer<StoredFile> found, LongConsumer progress) {
        this.root = root;
        this.found = found;
        this.progress = progress;
    }

    /** How many bytes there are to be read. */
    public static long sizeBytes(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            long sum = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        } catch (IOException e) {
            throw unreadable(root, e);
        }
    }

    /**
     * Reads all there is but the coordinators' state.
     *
     * @param directory held by the caller
     * @param found told of each file
     * @param progress told how many bytes were read so far
     * @throws StorageException when something cannot be read
     */
    public static void run(
            DataDirectory directory, Consumer<StoredFile> found, LongConsumer progress) {
        DataVerification verification = new DataVerification(directory.path(), found, progress);
        try {
            verification.run();
        } catch (IOException e) {
            throw unreadable(directory.path(), e);
        }
    }

    private static StorageException unreadable(Path path, IOException e) {
        return new StorageException(path + " cannot be read: " + Causes.text(e), e);
    }

    private void run() throws IOException {
        for (Path file : list(root)) {
            if (Files.isRegularFile(file)) {
                rootFile(file);
            }
        }
        for (Path topic : list(root.resolve("logs"))) {
            for (Path partition : list(topic)) {
                partition(topic, partition);
            }
        }
        for (Path leftover : list(root.resolve("deleted"))) {
            tell("deleted log", leftover, 0, "the next start frees its space", List.of());
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.sorted(Comparator.comparing(Path::toString)).toList();
        }
    }

    private void tell(String kind, Path path, long size, String content, List<Flaw> flaws) {
        readBytes += size;
        progress.accept(readBytes);
        found.accept(new StoredFile(kind, root.relativize(path).toString(), size, content, flaws));
    }

    private void rootFile(Path file) throws IOException {
        FileKind kind = FileKind.of(file);
        long size = Files.size(file);
        switch (kind) {
            case CHECKPOINTS -> {
                List<Flaw> flaws = new ArrayList<>();
                checkpoints.putAll(
                        CheckpointFile.read(ByteBuffer.wrap(Files.readAllBytes(file)), flaws::add));
                tell(kind.words(), file, size, checkpoints.size() + " logs", flaws);
            }
            case META, LOCK, CLEAN, FORCE_CHECK -> tell(kind.words(), file, size, "", List.of());
            case PROBE, CHECKPOINTS_NEW ->
                    tell(kind.words(), file, size, "the next start removes it", List.of());
            default -> unknown(file, size);
        }
    }

    private void unknown(Path file, long size) {
        tell(
                FileKind.UNKNOWN.words(),
                file,
                size,
                "",
                List.of(new Flaw(-1, false, "no file of Leat's; it is left alone")));
    }

    private static Optional<CheckpointFile.Key> key(Path topic, Path partition) {
        String name = topic.getFileName().toString();
        try {
            return Optional.of(
                    new CheckpointFile.Key(
                            UUID.fromString(name.substring(name.lastIndexOf('.') + 1)),
                            Integer.parseInt(partition.getFileName().toString())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void partition(Path topic, Path directory) throws IOException {
        Optional<CheckpointFile.Key> key = key(topic, directory);
        if (key.isEmpty() || !Files.isDirectory(directory)) {
            tell(
                    FileKind.UNKNOWN.words(),
                    directory,
                    0,
                    "",
                    List.of(new Flaw(-1, false, "no log of Leat's; it is left alone")));
            return;
        }
        LogCheckpoint checkpoint = checkpoints.getOrDefault(key.get(), LogCheckpoint.EMPTY);
        List<Path> files = list(directory);
        List<Path> segments =
                files.stream().filter(file -> FileKind.of(file) == FileKind.SEGMENT).toList();
        ends(directory, segments, checkpoint);
        for (int i = 0; i < segments.size(); i++) {
            long end =
                    i + 1 < segments.size() ? FileKind.offset(segments.get(i + 1)) : Long.MAX_VALUE;
            segment(segments.get(i), end, checkpoint);
        }
        for (Path file : files) {
            other(file, segments);
        }
    }

    /** What is missing at the beginning or the end. */
    private void ends(Path directory, List<Path> segments, LogCheckpoint checkpoint) {
        List<Flaw> flaws = new ArrayList<>();
        LogPosition durable = checkpoint.durable();
        long first = segments.isEmpty() ? durable.offset() : FileKind.offset(segments.getFirst());
        if (first > checkpoint.logStart()) {
            flaws.add(
                    new Flaw(
                            -1,
                            true,
                            "offsets %d to %d are missing"
                                    .formatted(checkpoint.logStart(), first - 1)));
        }
        boolean lastMissing =
                durable.position() > 0
                        && segments.stream()
                                .noneMatch(file -> FileKind.offset(file) == durable.segmentBase());
        if (lastMissing && !segments.isEmpty()) {
            flaws.add(
                    new Flaw(
                            -1,
                            true,
                            "%s is missing; the log was durable up to offset %d"
                                    .formatted(
                                            SegmentFiles.dataPath(directory, durable.segmentBase())
                                                    .getFileName(),
                                            durable.offset())));
        }
        tell(
                "log",
                directory,
                0,
                "%d segments, start %d, durable end %d"
                        .formatted(segments.size(), checkpoint.logStart(), durable.offset()),
                flaws);
    }

    private interface Look {
        void at(ByteBuffer bytes) throws IOException;
    }

    private static void mapped(Path file, Look look) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new IOException(file + " is too large to be one of Leat's");
            }
            look.at(
                    channel.map(MapMode.READ_ONLY, 0, channel.size(), arena)
                            .asByteBuffer()
                            .asReadOnlyBuffer());
        }
    }

    private void segment(Path file, long end, LogCheckpoint checkpoint) throws IOException {
        long base = FileKind.offset(file);
        LogPosition durable = checkpoint.durable();
        Path index = SegmentFiles.offsetIndexPath(directoryOf(file), base);
        OffsetEntries entries =
                Files.exists(index)
                        ? new OffsetEntries(ByteBuffer.wrap(Files.readAllBytes(index)), base)
                        : OffsetEntries.NONE;
        mapped(
                file,
                bytes -> {
                    int durableBytes =
                            base == durable.segmentBase()
                                    ? durable.position()
                                    : base < durable.segmentBase() ? bytes.limit() : 0;
                    SegmentCheck check = new SegmentCheck(bytes, base, end, durableBytes, entries);
                    check.run();
                    List<Flaw> flaws = new ArrayList<>(check.flaws());
                    if (indexed(base, checkpoint.indexed()) && !Files.exists(index)) {
                        flaws.add(
                                new Flaw(
                                        -1,
                                        false,
                                        "its offset index is missing; it is made anew when used"));
                    }
                    tell(FileKind.SEGMENT.words(), file, bytes.limit(), check.content(), flaws);
                });
    }

    /** Whether a segment has an offset index for sure: one that grows has none before an entry. */
    private static boolean indexed(long base, IndexedEnd indexed) {
        long growing = indexed.at().segmentBase();
        return base < growing || (base == growing && indexed.offsetEntries() > 0);
    }

    private static Path directoryOf(Path file) {
        Path directory = file.getParent();
        if (directory == null) {
            throw new IllegalArgumentException(file + " has no directory");
        }
        return directory;
    }

    private void other(Path file, List<Path> segments) throws IOException {
        FileKind kind = FileKind.of(file);
        if (Files.isDirectory(file)) {
            tell("rewrite", file, 0, "never committed; the next start removes it", List.of());
            return;
        }
        long size = Files.size(file);
        switch (kind) {
            case SEGMENT -> {}
            case OFFSET_INDEX, TIME_INDEX, ABORTED_INDEX -> index(kind, file, size, segments);
            case PRODUCERS -> {
                boolean whole =
                        ProducerTable.restore(ByteBuffer.wrap(Files.readAllBytes(file)), 0)
                                .isPresent();
                tell(
                        kind.words(),
                        file,
                        size,
                        "as of offset " + FileKind.offset(file),
                        whole
                                ? List.of()
                                : List.of(
                                        new Flaw(
                                                -1,
                                                false,
                                                "damaged; the producers are read from the log"
                                                        + " instead")));
            }
            case SWAP -> tell(kind.words(), file, size, "the next start finishes it", List.of());
            case RENEWED -> tell(kind.words(), file, size, "of no use any more", List.of());
            default -> unknown(file, size);
        }
    }

    private void index(FileKind kind, Path file, long size, List<Path> segments)
            throws IOException {
        long base = FileKind.offset(file);
        Path segment = SegmentFiles.dataPath(directoryOf(file), base);
        if (!segments.contains(segment)) {
            tell(
                    kind.words(),
                    file,
                    size,
                    "",
                    List.of(new Flaw(-1, false, "of a segment that is not there")));
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        switch (kind) {
            case OFFSET_INDEX -> {
                OffsetEntries entries = new OffsetEntries(bytes, base);
                mapped(
                        segment,
                        data ->
                                tell(
                                        kind.words(),
                                        file,
                                        size,
                                        entries.count() + " entries",
                                        entries.flaws(data)));
            }
            case TIME_INDEX -> {
                TimeEntries entries = new TimeEntries(bytes, base);
                tell(kind.words(), file, size, entries.count() + " entries", entries.flaws());
            }
            default -> {
                Optional<AbortedIndex> read = AbortedIndex.readFrom(bytes);
                tell(
                        kind.words(),
                        file,
                        size,
                        read.map(each -> each.size() + " transactions").orElse(""),
                        read.isPresent()
                                ? List.of()
                                : List.of(
                                        new Flaw(
                                                -1,
                                                false,
                                                "damaged; it is made anew from the log when"
                                                        + " used")));
            }
        }
    }
}
