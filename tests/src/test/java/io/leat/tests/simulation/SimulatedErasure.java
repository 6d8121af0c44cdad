package io.leat.tests.simulation;

import io.leat.compaction.erasure.ErasureJournal;
import io.leat.compaction.erasure.KeyHash;
import io.leat.compaction.erasure.LogErasure;
import io.leat.compaction.erasure.LogProgress;
import io.leat.compaction.erasure.LogProgress.Stage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

/** An erasure of one key from one log, which goes on after each crash with what was kept of it. */
final class SimulatedErasure implements ErasureJournal {
    private final SimulatedLog log;
    private final String key;
    private final boolean tombstone;
    private final Object erased;
    private LogProgress progress;
    private LogProgress durable;

    SimulatedErasure(SimulatedLog log, String key, boolean tombstone) {
        this.log = log;
        this.key = key;
        this.tombstone = tombstone;
        this.progress = LogProgress.from(log.log().bounds().writtenEnd());
        this.durable = progress;
        this.erased = log.model.erasing(key, progress.boundary(), tombstone);
    }

    /** Goes on; true once it is done. */
    boolean run(InstantSource clock) {
        LogErasure erasure =
                new LogErasure(
                        log.driven(),
                        List.of(KeyHash.of(ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)))),
                        tombstone,
                        progress,
                        this,
                        clock);
        if (erasure.run().stage() != Stage.DONE) {
            return false;
        }
        log.model.erased(erased, progress.boundary());
        return true;
    }

    /** The power went: what was not kept durably is lost; the log may be shorter. */
    void recovered() {
        progress = durable.endingBefore(log.log().bounds().writtenEnd());
        durable = progress;
    }

    SimulatedLog log() {
        return log;
    }

    @Override
    public void save(LogProgress next, boolean durably) {
        progress = next;
        if (durably) {
            durable = next;
        }
    }

    @Override
    public void read(long bytes) {}

    @Override
    public boolean stopped() {
        return false;
    }

    @Override
    public String toString() {
        return "erasure of %s from %s: %s".formatted(key, log.id, progress);
    }
}
