package io.leat.compaction.erasure;

/** Remembers what was saved, and what of it a crash would leave. */
final class MemoryJournal implements ErasureJournal {
    private LogProgress progress;
    private LogProgress durable;
    private int durableSaves;
    private long bytesRead;
    private volatile boolean stopped;

    MemoryJournal(long boundary) {
        progress = LogProgress.from(boundary);
        durable = progress;
    }

    LogProgress progress() {
        return progress;
    }

    int durableSaves() {
        return durableSaves;
    }

    long bytesRead() {
        return bytesRead;
    }

    void stop() {
        stopped = true;
    }

    /** What is not durable is lost. */
    void crash() {
        progress = durable;
    }

    @Override
    public void save(LogProgress next, boolean durably) {
        progress = next;
        if (durably) {
            durable = next;
            durableSaves++;
        }
    }

    @Override
    public void read(long bytes) {
        bytesRead += bytes;
    }

    @Override
    public boolean stopped() {
        return stopped;
    }
}
