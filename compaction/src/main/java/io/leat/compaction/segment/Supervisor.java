package io.leat.compaction.segment;

/** Watches over long work on a log. Called by the thread that does it, which it may slow down. */
public interface Supervisor {
    /** So many bytes more were read. */
    void read(long bytes);

    /** So many bytes more were written. */
    default void written(long bytes) {}

    /** Whether to stop as soon as that is possible. */
    boolean stopped();

    /** Lets it run, as fast as it can, to the end. */
    Supervisor NONE =
            new Supervisor() {
                @Override
                public void read(long bytes) {}

                @Override
                public boolean stopped() {
                    return false;
                }
            };
}
