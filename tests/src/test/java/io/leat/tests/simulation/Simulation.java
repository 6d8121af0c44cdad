package io.leat.tests.simulation;

import io.leat.compaction.cleaning.CleanPoint;
import io.leat.compaction.cleaning.CleaningPolicy;
import io.leat.compaction.cleaning.Dirt;
import io.leat.compaction.cleaning.LogCleaning;
import io.leat.compaction.retention.LogRetention;
import io.leat.compaction.retention.RetentionPolicy;
import io.leat.compaction.segment.Supervisor;
import io.leat.storage.api.Damage;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.StorageException;
import io.leat.storage.local.CrashDisk;
import io.leat.storage.local.LocalStoreSettings;
import io.leat.storage.local.SeededStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A few lives of a store, each ended by a power cut or a clean stop, under random work, faults of
 * the disk and upkeep: all of it from one seed.
 */
final class Simulation {
    private static final int LOGS = 2;
    private static final int STEPS_MAX = 150;
    private static final int TRACE_LINES = 40;
    private static final int HEALING_ROUNDS_MAX = 40;

    /** The power went in the middle of something; what comes next is another life. */
    private static final class PowerGone extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final long seed;
    private final Random random;
    private final Path directory;
    private final Consumer<CrashDisk> mischief;
    private final ArrayDeque<String> trace = new ArrayDeque<>();
    private final List<SimulatedLog> logs = new ArrayList<>();
    private final List<SimulatedErasure> erasures = new ArrayList<>();
    private final Set<LogId> doomed = new HashSet<>();
    private final Set<LogId> failing = new HashSet<>();
    private Path root;
    private CrashDisk disk;
    private SeededStore store;
    private boolean troubled;
    private long nowMillis = 1_700_000_000_000L;
    private int topicsMade;
    private int valuesMade;
    private long fingerprint;
    private final Deeds deeds = new Deeds();

    /** What was done in a run, to see that a run does anything. */
    static final class Deeds {
        int sent;
        int powerCuts;
        int cleanStops;
        int troubles;
        int erasures;
        int compactions;
        int deletions;
        int transactions;

        void add(Deeds other) {
            sent += other.sent;
            powerCuts += other.powerCuts;
            cleanStops += other.cleanStops;
            troubles += other.troubles;
            erasures += other.erasures;
            compactions += other.compactions;
            deletions += other.deletions;
            transactions += other.transactions;
        }

        @Override
        public String toString() {
            return "%d batches, %d transactions ended, %d power cuts, %d clean stops, %d disk faults, %d erasures, %d compactions, %d deleted topics"
                    .formatted(
                            sent,
                            transactions,
                            powerCuts,
                            cleanStops,
                            troubles,
                            erasures,
                            compactions,
                            deletions);
        }
    }

    /**
     * @param directory an empty one
     * @param mischief done to each disk before it is used
     */
    Simulation(long seed, Path directory, Consumer<CrashDisk> mischief) {
        this.seed = seed;
        this.random = new Random(seed);
        this.directory = directory;
        this.mischief = mischief;
        this.root = directory.resolve("0");
        for (int i = 0; i < LOGS; i++) {
            logs.add(newLog());
        }
        this.disk = newDisk();
        this.store = openStore();
    }

    private SimulatedLog newLog() {
        int number = topicsMade++;
        return new SimulatedLog(
                this, new LogId("t" + number, new UUID(seed, number), 0), below(3) == 0);
    }

    /** Runs it. */
    Deeds run() {
        try {
            int lives = 2 + below(3);
            for (int life = 1; life <= lives; life++) {
                live(directory.resolve(Integer.toString(life)));
            }
            open();
            recover();
            rest();
            store.logs().close();
            return deeds;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("the last of it:\n  " + String.join("\n  ", trace), e);
        }
    }

    /** Two runs of one seed have the same. */
    long fingerprint() {
        return fingerprint;
    }

    // ---- what the parts of it use

    SeededStore store() {
        return store;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    String key() {
        return "k" + below(SimulatedLog.KEYS);
    }

    String value() {
        // Some batches are larger than a sector, most are not.
        return "v" + valuesMade++ + "-".repeat(below(6) == 0 ? 700 : below(60));
    }

    long timestamp() {
        return nowMillis - below(50);
    }

    boolean troubled() {
        return troubled;
    }

    @SuppressWarnings("AnnotateFormatMethod") // Error Prone's annotations are not on the class path
    void trace(String message, Object... arguments) {
        String line = message.formatted(arguments);
        fingerprint = 31 * (31 * fingerprint + line.hashCode()) + disk.changes();
        trace.add(line);
        if (trace.size() > TRACE_LINES) {
            trace.remove();
        }
    }

    <T> CompletableFuture<T> drive(CompletableFuture<T> future) {
        return store.drive(future);
    }

    /** Something failed: fine while the disk fails, and when the power is gone. */
    void tolerate(String failure) {
        trace("%s", failure);
        if (disk.isOff()) {
            throw new PowerGone();
        }
        if (!troubled) {
            throw new AssertionError("failed without a cause: " + failure);
        }
    }

    // ---- lives

    private CrashDisk newDisk() {
        CrashDisk fresh = new CrashDisk(root);
        mischief.accept(fresh);
        return fresh;
    }

    private SeededStore openStore() {
        LocalStoreSettings settings =
                new LocalStoreSettings(
                        1 + below(2),
                        1 + below(4),
                        1_000,
                        1 << 20,
                        Long.MAX_VALUE,
                        500 + below(4_000),
                        1 + below(4),
                        () -> Instant.ofEpochMilli(nowMillis));
        return new SeededStore(root, settings, disk, random);
    }

    private void open() {
        trace("open %s", root.getFileName());
        failing.clear();
        disk = newDisk();
        store = openStore();
        for (LogId id : List.copyOf(doomed)) {
            store.logs().delete(id);
        }
        for (SimulatedLog log : logs) {
            open(log);
        }
    }

    private void open(SimulatedLog log) {
        LogConfig config =
                new LogConfig(
                        2_800 + below(4_000),
                        Long.MAX_VALUE,
                        100 + below(400),
                        64 + below(1_000),
                        TimestampType.CREATE_TIME);
        log.opened(store.logs().open(log.id, config, new Listener()));
    }

    private final class Listener implements LogListener {
        @Override
        public void moved(LogId id, LogBounds bounds) {}

        @Override
        public void failed(LogId id, String cause) {
            failing.add(id);
            trace("%s failed: %s", id, cause.replace(directory.toString(), ""));
            if (!troubled && !disk.isOff()) {
                throw new AssertionError(id + " failed without a cause: " + cause);
            }
        }

        @Override
        public void healed(LogId id) {
            failing.remove(id);
            trace("%s healed", id);
        }

        @Override
        public void damaged(LogId id, Damage damage) {
            throw new AssertionError(id + " is said to be damaged: " + damage);
        }
    }

    private void live(Path survivors) {
        open();
        boolean cutSoon = below(4) != 0;
        if (cutSoon) {
            disk.cutPowerAfter(below(700), survivors, random);
        }
        boolean clean = false;
        try {
            recover();
            for (int steps = below(STEPS_MAX); steps > 0 && !disk.isOff(); steps--) {
                nowMillis += below(20);
                work();
                for (int pieces = below(4); pieces > 0; pieces--) {
                    var _ = store.step();
                }
            }
            clean = !disk.isOff() && !cutSoon && below(2) == 0;
            if (clean) {
                trace("a clean stop");
                deeds.cleanStops++;
            }
        } catch (PowerGone e) {
            trace("the power went");
        } catch (StorageException e) {
            if (!disk.isOff()) {
                throw e;
            }
            trace("the power went: %s", e.getClass());
        }
        end(survivors, clean);
    }

    private void end(Path survivors, boolean clean) {
        if (!clean) {
            deeds.powerCuts++;
            if (!disk.isOff()) {
                trace("cut the power");
                try {
                    disk.cutPower(survivors, random);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        troubled = false;
        store.logs().close();
        store.settle();
        for (SimulatedLog log : logs) {
            log.noteAnswers(clean && !disk.isOff());
        }
        if (!clean) {
            root = survivors;
        }
    }

    /** What clients, coordinators and jobs do when the broker is there again. */
    private void recover() {
        for (LogId id : List.copyOf(doomed)) {
            if (store.logs().topics().contains(id.topicId())) {
                throw new AssertionError(id + " was deleted, and is there");
            }
            doomed.remove(id);
        }
        for (SimulatedErasure erasure : erasures) {
            erasure.recovered();
        }
        for (SimulatedLog log : logs) {
            log.model.checkAtRest(log.log().bounds());
            log.check();
            for (SimulatedProducer producer : log.producers) {
                if (producer.kind == SimulatedProducer.Kind.TRANSACTIONAL && below(3) == 0) {
                    log.fence(producer);
                } else {
                    resume(log, producer);
                }
            }
            log.check();
        }
        if (below(2) == 0) {
            goOnErasing();
        }
    }

    private static void resume(SimulatedLog log, SimulatedProducer producer) {
        log.repeat(producer);
        Transaction transaction = producer.transaction;
        if (transaction != null && transaction.ending()) {
            log.endTransaction(producer);
        }
    }

    /** All that was begun comes to its end, and then nothing is left of it. */
    private void rest() {
        goOnErasing();
        for (SimulatedLog log : logs) {
            for (SimulatedProducer producer : log.producers) {
                log.repeat(producer);
                log.endTransaction(producer);
            }
            log.check();
            LogBounds bounds = log.log().bounds();
            if (bounds.lastStable() != bounds.durableEnd()) {
                throw new AssertionError(log.id + ": no transaction is open, and yet " + bounds);
            }
            log.seal();
            log.scrub();
        }
    }

    // ---- work

    private void work() {
        SimulatedLog log = logs.get(below(logs.size()));
        switch (below(60)) {
            case 0, 1 -> log.check();
            case 2 -> log.trim();
            case 3 -> retain(log);
            case 4 -> log.seal();
            case 5 -> erase(log);
            case 6 -> goOnErasing();
            case 7 -> log.scrub();
            case 8 -> {
                if (below(4) == 0) {
                    delete(log);
                }
            }
            case 9, 10 -> trouble();
            case 19, 20, 21 -> {
                if (log.model.compacted()) {
                    compact(log);
                }
            }
            case 11, 12, 13 -> store.settle();
            case 14, 15, 16, 17, 18 -> {
                SimulatedProducer producer = log.producers.get(3 + below(2));
                if (producer.transaction != null) {
                    deeds.transactions++;
                    log.endTransaction(producer);
                }
            }
            default -> {
                deeds.sent++;
                log.sendSomething();
            }
        }
    }

    private void retain(SimulatedLog log) {
        trace("%s: retention", log.id);
        log.model.trimming(log.log().bounds().writtenEnd());
        try {
            var _ =
                    LogRetention.apply(
                            log.driven(), new RetentionPolicy(-1, below(20_000)), nowMillis);
        } catch (StorageException e) {
            tolerate("retention: " + e.getMessage());
        }
        log.model.checkAtRest(log.log().bounds());
    }

    private void compact(SimulatedLog log) {
        trace("%s: compaction", log.id);
        deeds.compactions++;
        try {
            if (below(2) == 0) {
                log.seal();
            }
            // Sealing makes durable, and so compactable, what was only written before.
            CleaningPolicy policy = new CleaningPolicy(below(500), 0, Long.MAX_VALUE, 0, 5_000);
            Dirt dirt = Dirt.of(log.driven(), policy, CleanPoint.START, nowMillis);
            log.model.compacting(dirt.cleanableEnd());
            var _ =
                    LogCleaning.clean(
                            log.driven(),
                            policy,
                            dirt,
                            LogCleaning.Memory.DEFAULT,
                            nowMillis,
                            Supervisor.NONE);
        } catch (StorageException e) {
            tolerate("compaction: " + e.getMessage());
        }
        log.check();
    }

    private void erase(SimulatedLog log) {
        if (erasures.stream().anyMatch(erasure -> erasure.log().equals(log))) {
            return;
        }
        SimulatedErasure erasure = new SimulatedErasure(log, key(), below(3) == 0);
        trace("%s", erasure);
        erasures.add(erasure);
        deeds.erasures++;
        goOnErasing();
    }

    private void goOnErasing() {
        for (SimulatedErasure erasure : List.copyOf(erasures)) {
            try {
                if (erasure.run(() -> Instant.ofEpochMilli(nowMillis))) {
                    erasures.remove(erasure);
                    trace("%s is done", erasure);
                    erasure.log().check();
                }
            } catch (StorageException e) {
                String why = "erasure: " + e.getMessage();
                if (why.contains("in a transaction that is open")) {
                    trace("%s", why); // nobody can know yet whether a tombstone is wanted
                } else {
                    tolerate(why);
                }
            }
        }
    }

    /** A topic goes, and another one comes in its place. */
    private void delete(SimulatedLog log) {
        trace("%s: delete", log.id);
        deeds.deletions++;
        erasures.removeIf(erasure -> erasure.log().equals(log));
        // As the catalog does it: first it is written down that the topic is no more.
        doomed.add(log.id);
        SimulatedLog fresh = newLog();
        logs.set(logs.indexOf(log), fresh);
        store.logs().delete(log.id);
        doomed.remove(log.id);
        if (store.logs().topics().contains(log.id.topicId())) {
            throw new AssertionError(log.id + " was deleted, and is there");
        }
        open(fresh);
    }

    /** The disk fails for a while, in some way, and works again. */
    private void trouble() {
        troubled = true;
        deeds.troubles++;
        switch (below(4)) {
            case 0 -> disk.failWrites("Input/output error");
            case 1 -> disk.failForces("Input/output error");
            case 2 -> disk.failOpens("Too many open files");
            default -> disk.capacity(disk.usedBytes() + below(3_000));
        }
        trace("trouble");
        for (int count = 1 + below(12); count > 0; count--) {
            logs.get(below(logs.size())).sendSomething();
            for (int pieces = below(5); pieces > 0; pieces--) {
                var _ = store.step();
            }
            if (below(4) == 0) {
                logs.get(below(logs.size())).check();
            }
        }
        store.settle();
        logs.forEach(SimulatedLog::check);
        disk.failWrites(null);
        disk.failForces(null);
        disk.failOpens(null);
        disk.capacity(Long.MAX_VALUE);
        trace("over");
        heal();
        troubled = false;
        for (SimulatedLog log : logs) {
            log.producers.forEach(producer -> resume(log, producer));
            log.check();
        }
    }

    private void heal() {
        store.settle();
        for (int round = 0; !failing.isEmpty(); round++) {
            if (disk.isOff()) {
                throw new PowerGone();
            }
            if (round > HEALING_ROUNDS_MAX || !store.passTime()) {
                throw new AssertionError(failing + " do not heal");
            }
            store.settle();
        }
    }
}
