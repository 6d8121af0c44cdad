package io.leat.storage.local;

import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.LogStore;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.StorageException;
import io.leat.storage.api.StorageObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The logs in one data directory, which the caller holds and closes after this. Any thread. */
public final class LocalLogStore implements LogStore {
    private static final Logger LOG = LoggerFactory.getLogger(LocalLogStore.class);
    private static final int TOPIC_CHARS_MAX = 100;

    private final Disk disk;
    private final Path root;
    private final Path logs;
    private final Path deleted;
    private final LocalStoreSettings settings;
    private final StorageObserver observer;
    private final CheckpointFile checkpoints;
    private final boolean cleanStart;
    private final List<AppendLane> lanes = new ArrayList<>();
    private final Workers workers;
    private final Workers.Crew groupCommit;
    private final Healer healer;
    private final OpenSegments pool;
    private final SharedForce logsForce;
    private final ConcurrentHashMap<UUID, SharedForce> topicForces = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<CheckpointFile.Key, SegmentedLog> open =
            new ConcurrentHashMap<>();
    private final Set<CheckpointFile.Key> opened = ConcurrentHashMap.newKeySet();
    private volatile boolean allCleanlyClosed = true;
    private boolean closed;

    /**
     * A store on the machine's file system.
     *
     * @throws StorageException when it cannot be read or written
     */
    public LocalLogStore(
            DataDirectory directory, LocalStoreSettings settings, StorageObserver observer) {
        this(directory.path(), settings, observer, checkedDisk(directory.path()));
    }

    /**
     * A store on a disk of the caller's choice.
     *
     * @param root a directory that nobody else uses
     * @throws StorageException when it cannot be read or written
     */
    public LocalLogStore(
            Path root, LocalStoreSettings settings, StorageObserver observer, Disk disk) {
        this(root, settings, observer, disk, new OwnThreads());
    }

    /** A store whose work is done where the caller says. */
    LocalLogStore(
            Path root,
            LocalStoreSettings settings,
            StorageObserver observer,
            Disk disk,
            Workers workers) {
        this.disk = disk;
        this.workers = workers;
        this.pool = new OpenSegments(disk, settings.openSegmentsMax());
        this.root = root.toAbsolutePath();
        this.logs = this.root.resolve("logs");
        this.deleted = this.root.resolve("deleted");
        this.logsForce = new SharedForce(() -> disk.forceDirectory(logs));
        this.settings = settings;
        this.observer = observer;
        try {
            disk.createDirectories(logs);
            disk.createDirectories(deleted);
            disk.forceDirectory(this.root);
            checkpoints = CheckpointFile.open(disk, this.root);
            cleanStart = takeCleanMark();
            if (!cleanStart) {
                checkpoints.writeAnew();
            }
            forgetRemoved();
        } catch (IOException e) {
            throw new StorageException(
                    "data directory %s cannot be used: %s".formatted(root, Causes.text(e)), e);
        }
        groupCommit = workers.forceCrew(settings.forceThreads());
        healer = new Healer(disk, this.root, workers, groupCommit, this::ailingLogs);
        ForceRound forces = new ForceRound(workers, groupCommit, settings.forceThreads());
        for (int i = 0; i < settings.lanes(); i++) {
            lanes.add(
                    new AppendLane(
                            "leat-append-" + i,
                            settings.laneQueueLength(),
                            settings.laneQueueBytes(),
                            workers,
                            forces));
        }
    }

    private static Disk checkedDisk(Path root) {
        try {
            return FileDisk.of(root);
        } catch (IOException e) {
            throw new StorageException(
                    "data directory %s cannot be used: %s".formatted(root, Causes.text(e)), e);
        }
    }

    private Path cleanMark() {
        return root.resolve(".clean");
    }

    /** Whether the last stop was clean. From now on this one is not, until it is. */
    private boolean takeCleanMark() throws IOException {
        boolean clean = disk.exists(cleanMark());
        if (clean) {
            disk.delete(cleanMark());
            disk.forceDirectory(root);
        }
        return clean;
    }

    /** Finishes deletes that a stop cut short. */
    private void forgetRemoved() throws IOException {
        Set<UUID> there = new HashSet<>();
        for (Path path : disk.list(logs)) {
            topicId(path).ifPresent(there::add);
        }
        for (CheckpointFile.Key key : checkpoints.keys()) {
            if (!there.contains(key.topicId())) {
                checkpoints.remove(key);
            }
        }
        List<Path> leftovers = disk.list(deleted);
        if (!leftovers.isEmpty()) {
            workers.aside("leat-delete", () -> leftovers.forEach(this::remove));
        }
    }

    @Override
    public PartitionLog open(LogId id, LogConfig config, LogListener listener) {
        CheckpointFile.Key key = new CheckpointFile.Key(id.topicId(), id.partition());
        return open.compute(
                key,
                (k, existing) -> {
                    if (existing != null) {
                        throw new StorageException("log " + id + " is open already");
                    }
                    return openNow(id, key, config, listener);
                });
    }

    private SegmentedLog openNow(
            LogId id, CheckpointFile.Key key, LogConfig config, LogListener listener) {
        Path directory = directory(id);
        boolean fresh = !checkpoints.contains(key);
        CheckpointFile.Entry entry = checkpoints.entry(key);
        int lane = Math.floorMod(key.hashCode(), lanes.size());
        LogHome home =
                new LogHome(
                        pool,
                        directory,
                        List.of(topicForce(id), logsForce),
                        settings,
                        observer,
                        lanes.get(lane),
                        workers,
                        groupCommit,
                        checkpoints,
                        entry,
                        healer,
                        released -> closed(key, released));
        LogState log = new LogState(id, config, listener, home);
        // What was open in this life is as its checkpoint says only if it was closed cleanly.
        boolean first = opened.add(key);
        boolean clean = cleanStart && first && !fresh;
        if (!clean) {
            log.recoverAtStart();
        }
        return new SegmentedLog(log, home);
    }

    /** The logs that the healer is to look after. */
    private List<SegmentedLog> ailingLogs() {
        return open.values().stream().filter(SegmentedLog::ailing).toList();
    }

    /** {@code logs/TOPIC.TOPIC-ID/PARTITION}; the name is for people, the id tells topics apart. */
    private Path directory(LogId id) {
        return topicDirectory(id).resolve(Integer.toString(id.partition()));
    }

    private Path topicDirectory(LogId id) {
        String topic = id.topic();
        String name = topic.substring(0, Math.min(topic.length(), TOPIC_CHARS_MAX));
        return logs.resolve(name + "." + id.topicId());
    }

    private SharedForce topicForce(LogId id) {
        Path directory = topicDirectory(id);
        return topicForces.computeIfAbsent(
                id.topicId(), k -> new SharedForce(() -> disk.forceDirectory(directory)));
    }

    private void closed(CheckpointFile.Key key, LogState log) {
        if (log.failure() != null) {
            allCleanlyClosed = false;
        }
        open.remove(key);
    }

    private static Optional<UUID> topicId(Path topicDirectory) {
        String name = topicDirectory.getFileName().toString();
        int dot = name.lastIndexOf('.');
        try {
            return dot > 0
                    ? Optional.of(UUID.fromString(name.substring(dot + 1)))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public void delete(LogId id) {
        CheckpointFile.Key key = new CheckpointFile.Key(id.topicId(), id.partition());
        SegmentedLog log = open.get(key);
        if (log != null) {
            log.close();
        }
        Path directory = directory(id);
        Path doomed = doomed(key);
        try {
            if (disk.exists(directory)) {
                disk.rename(directory, doomed);
                disk.forceDirectory(topicDirectory(id));
            }
            forget(key);
            if (disk.list(topicDirectory(id)).isEmpty()) {
                disk.delete(topicDirectory(id));
                topicForces.remove(id.topicId());
            }
        } catch (IOException e) {
            throw new StorageException(
                    "log %s in %s cannot be deleted: %s".formatted(id, directory, Causes.text(e)),
                    e);
        }
        workers.aside("leat-delete", () -> remove(doomed));
    }

    /** A name among the deleted that is not taken. */
    private Path doomed(CheckpointFile.Key key) {
        for (int i = 0; ; i++) {
            Path path = deleted.resolve("%s-%d-%d".formatted(key.topicId(), key.partition(), i));
            if (!disk.exists(path)) {
                return path;
            }
        }
    }

    /** Clears a log's checkpoint, on a thread that nobody interrupts: the file is everybody's. */
    private void forget(CheckpointFile.Key key) throws IOException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        groupCommit.submit(() -> {
            try {
                checkpoints.remove(key);
                done.complete(null);
            } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        workers.await(done);
        try {
            done.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** Frees the space of a directory; what is leased stays readable. */
    private void remove(Path directory) {
        try {
            SegmentSwap.clearWorkshop(disk, directory);
            for (Path file : disk.list(directory)) {
                disk.delete(file);
            }
            disk.delete(directory);
        } catch (IOException e) {
            LOG.warn("{} is left for the next start to remove: {}", directory, e.toString());
        }
    }

    @Override
    public Set<UUID> topics() {
        Set<UUID> topics = new HashSet<>();
        try {
            for (Path path : disk.list(logs)) {
                topicId(path).ifPresent(topics::add);
            }
            return topics;
        } catch (IOException e) {
            throw new StorageException(
                    "data directory %s cannot be read: %s".formatted(logs, Causes.text(e)), e);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        healer.stop();
        List<SegmentedLog> all = List.copyOf(open.values());
        all.forEach(SegmentedLog::beginClose);
        all.forEach(SegmentedLog::close);
        lanes.forEach(AppendLane::stop);
        groupCommit.stop();
        try {
            checkpoints.force();
            checkpoints.close();
            if (allCleanlyClosed) {
                disk.open(cleanMark(), Disk.Access.CREATE).close();
                disk.forceDirectory(root);
            }
        } catch (IOException e) {
            LOG.warn("{}: the stop is not marked as clean: {}", root, e.toString());
        }
    }
}
