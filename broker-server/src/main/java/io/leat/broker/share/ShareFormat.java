package io.leat.broker.share;

import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import io.leat.broker.share.Standing.Acquired;
import io.leat.broker.share.Standing.Archiving;
import io.leat.broker.share.Standing.Available;
import io.leat.broker.share.Standing.Settled;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How share partitions lie in the state store: a snapshot, and at most {@value #UPDATES_MAX}
 * updates behind it. Numbers are big-endian, {@code v} are {@link StateOutput#varint}; a string
 * stands behind its int32 length.
 *
 * <pre>
 *   key    "share/" | group id string | topic id 16 bytes | partition int32 | number int32
 *          number 0: the snapshot; 1 and up: updates, in order
 *   value  version int8 = 1
 *          start int64 | next dead letter v | producer id + 1 v | count of runs int32 | runs
 *   run    distance from the end of the run before, at first from the start: v
 *          count of records v | kind int8 | what the kind has
 *            0 settled
 *            1 available    deliveries v
 *            2 archiving    deliveries v | cause int8 | number of the first dead letter v
 * </pre>
 *
 * A snapshot has all runs, an update those that changed, and both replace what is there of their
 * offsets. What is acquired is kept as available: who has it does not matter after a restart, how
 * often it was delivered does. So the end of a lock, a release and a renewal write nothing.
 */
final class ShareFormat {
    static final int UPDATES_MAX = 32;

    private static final int VERSION = 1;
    private static final byte[] PREFIX = "share/".getBytes(StandardCharsets.US_ASCII);
    private static final int SETTLED = 0;
    private static final int AVAILABLE = 1;
    private static final int ARCHIVING = 2;

    private ShareFormat() {}

    /**
     * What a transition writes.
     *
     * @param written the state with its new count of updates
     */
    record Writes(SharePartition written, List<Write> writes) {}

    static Writes writes(
            SharePartitionId id, Optional<SharePartition> before, SharePartition after) {
        Window kept = kept(after.window());
        if (before.isEmpty()) {
            return snapshot(id, after, kept);
        }
        Window known = kept(before.get().window());
        boolean unchanged =
                known.equals(kept)
                        && before.get().nextSequence() == after.nextSequence()
                        && before.get().producer().equals(after.producer());
        if (unchanged) {
            return new Writes(after, List.of());
        }
        List<Run> changed = changed(known, kept);
        boolean goesBack = kept.start() < known.start() || kept.end() < known.end();
        boolean small = changed.size() < kept.runs().size();
        if (goesBack || !small || after.updates() >= UPDATES_MAX) {
            return snapshot(id, after, kept);
        }
        SharePartition updated = withUpdates(after, after.updates() + 1);
        return new Writes(updated, List.of(put(id, updated.updates(), after, kept, changed)));
    }

    private static Writes snapshot(SharePartitionId id, SharePartition after, Window kept) {
        List<Write> writes = new ArrayList<>();
        for (int number = 1; number <= after.updates(); number++) {
            writes.add(new Write.Delete(key(id, number)));
        }
        writes.add(put(id, 0, after, kept, kept.runs()));
        return new Writes(withUpdates(after, 0), writes);
    }

    static List<Write> deletes(SharePartitionId id, int updates) {
        List<Write> writes = new ArrayList<>();
        for (int number = 0; number <= updates; number++) {
            writes.add(new Write.Delete(key(id, number)));
        }
        return writes;
    }

    private static SharePartition withUpdates(SharePartition state, int updates) {
        return new SharePartition(
                state.window(), state.nextLock(), state.nextSequence(), state.producer(), updates);
    }

    /** A window as it is after a restart. */
    static Window kept(Window window) {
        return window.changeAll(run ->
                run.standing() instanceof Acquired acquired
                        ? run.with(new Available(acquired.deliveries()))
                        : run);
    }

    /** The runs of {@code after} that are not in {@code before}. */
    private static List<Run> changed(Window before, Window after) {
        List<Run> changed = new ArrayList<>();
        int at = 0;
        for (Run run : after.runs()) {
            while (at < before.runs().size() && before.runs().get(at).last() < run.first()) {
                at++;
            }
            boolean there =
                    at < before.runs().size()
                            && before.runs().get(at).first() <= run.first()
                            && before.runs().get(at).last() >= run.last()
                            && before.runs().get(at).cut(run.first(), run.last()).equals(run);
            if (!there) {
                changed.add(run);
            }
        }
        return changed;
    }

    private static Write put(
            SharePartitionId id, int number, SharePartition state, Window kept, List<Run> runs) {
        StateOutput out =
                new StateOutput()
                        .int8(VERSION)
                        .int64(kept.start())
                        .varint(state.nextSequence())
                        .varint(state.producer().orElse(-1) + 1)
                        .int32(runs.size());
        long next = kept.start();
        for (Run run : runs) {
            out.varint(run.first() - next).varint(run.count());
            switch (run.standing()) {
                case Settled settled -> out.int8(SETTLED);
                case Available(int deliveries) -> out.int8(AVAILABLE).varint(deliveries);
                case Archiving(int deliveries, DeathCause cause, long sequence) ->
                        out.int8(ARCHIVING).varint(deliveries).int8(cause.code()).varint(sequence);
                case Acquired acquired -> throw new IllegalStateException("not kept: " + run);
            }
            next = run.last() + 1;
        }
        return new Write.Put(key(id, number), out.toBytes());
    }

    static byte[] key(SharePartitionId id, int number) {
        return new StateOutput()
                .raw(PREFIX)
                .string(id.groupId())
                .int64(id.topicId().getMostSignificantBits())
                .int64(id.topicId().getLeastSignificantBits())
                .int32(id.partition())
                .int32(number)
                .toBytes();
    }

    /**
     * Reads all share partitions back.
     *
     * @throws io.leat.storage.api.StorageException when an entry is not what was written
     */
    static void load(StateStore store, BiConsumer<SharePartitionId, SharePartition> loaded) {
        Loading loading = new Loading(loaded);
        store.scan(PREFIX, loading::entry);
        loading.end();
    }

    /** Puts updates on snapshots; entries come in the order of their keys. */
    private static final class Loading {
        private final BiConsumer<SharePartitionId, SharePartition> loaded;
        private @Nullable SharePartitionId id;
        private SharePartition state =
                new SharePartition(Window.at(0), 0, 0, OptionalLong.empty(), 0);

        private Loading(BiConsumer<SharePartitionId, SharePartition> loaded) {
            this.loaded = loaded;
        }

        private void entry(byte[] key, byte[] value) {
            StateInput in = new StateInput("A share group's entry", key);
            in.skip(PREFIX.length);
            SharePartitionId of =
                    new SharePartitionId(in.string(), new UUID(in.int64(), in.int64()), in.int32());
            int number = in.int32();
            in.end();
            if (number == 0) {
                end();
                id = of;
                state = read(of, value, Window.at(0), 0);
            } else if (of.equals(id) && number == state.updates() + 1) {
                state = read(of, value, state.window(), number);
            } else {
                throw in.damaged();
            }
        }

        private void end() {
            if (id != null) {
                loaded.accept(id, state);
            }
        }
    }

    private static SharePartition read(
            SharePartitionId id, byte[] value, Window window, int updates) {
        StateInput in =
                new StateInput(
                        "Group '%s' at partition %d of topic %s"
                                .formatted(id.groupId(), id.partition(), id.topicId()),
                        value);
        in.version(VERSION);
        long start = in.int64();
        long nextSequence = in.varint();
        long producer = in.varint() - 1;
        List<Run> runs = new ArrayList<>();
        long next = start;
        for (int left = in.count(); left > 0; left--) {
            long first = next + in.varint();
            next = first + in.varint();
            if (first < 0 || next <= first) {
                throw in.damaged();
            }
            runs.add(new Run(first, next - 1, standing(in)));
        }
        in.end();
        try {
            return new SharePartition(
                    over(window, start, runs),
                    0,
                    nextSequence,
                    producer < 0 ? OptionalLong.empty() : OptionalLong.of(producer),
                    updates);
        } catch (IllegalStateException e) {
            throw in.damaged();
        }
    }

    private static Standing standing(StateInput in) {
        return switch (in.int8()) {
            case SETTLED -> Settled.SETTLED;
            case AVAILABLE -> new Available(Math.toIntExact(in.varint()));
            case ARCHIVING -> {
                int deliveries = Math.toIntExact(in.varint());
                int code = in.int8();
                DeathCause cause =
                        Arrays.stream(DeathCause.values())
                                .filter(each -> each.code() == code)
                                .findFirst()
                                .orElseThrow(in::damaged);
                yield new Archiving(deliveries, cause, in.varint());
            }
            default -> throw in.damaged();
        };
    }

    /** Lays runs over a window, and lets it begin elsewhere. */
    private static Window over(Window window, long start, List<Run> runs) {
        Window changed = window.change(runs, (run, change) -> change.cut(run.first(), run.last()));
        Window.Edit edit = new Window.Edit(start, changed.runs().size() + runs.size());
        for (List<Run> each : List.of(changed.runs(), runs)) {
            for (Run run : each) {
                if (run.last() >= edit.end()) {
                    edit.add(run.cut(Math.max(run.first(), edit.end()), run.last()));
                }
            }
        }
        return edit.window();
    }
}
