package io.leat.storage.api;

/** Told of what the store does, for metrics. Called on hot paths: count and return. */
public interface StorageObserver {
    /**
     * A force ended.
     *
     * @param nanos how long it took
     * @param appends how many appends it made durable
     */
    void forced(long nanos, int appends);

    /** A write of {@code bytes} took {@code nanos}. */
    void written(long nanos, int bytes);

    /** Observes nothing. */
    StorageObserver NONE =
            new StorageObserver() {
                @Override
                public void forced(long nanos, int appends) {}

                @Override
                public void written(long nanos, int bytes) {}
            };
}
