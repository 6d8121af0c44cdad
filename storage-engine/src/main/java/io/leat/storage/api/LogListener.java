package io.leat.storage.api;

/** Told of what happens to a log. Called on the log's own threads: return fast, never block. */
public interface LogListener {
    /** The durable end or the log start moved. */
    void moved(LogId id, LogBounds bounds);

    /** The log does not accept appends, or cannot be read, until {@link #healed}. */
    void failed(LogId id, String cause);

    /** The log works again. */
    default void healed(LogId id) {}

    /**
     * A part of the log is damaged and cannot be read; all else goes on. Told once for each part,
     * for as long as the log is open.
     */
    default void damaged(LogId id, Damage damage) {}

    /** Listens to nothing. */
    LogListener NONE =
            new LogListener() {
                @Override
                public void moved(LogId id, LogBounds bounds) {}

                @Override
                public void failed(LogId id, String cause) {}
            };
}
