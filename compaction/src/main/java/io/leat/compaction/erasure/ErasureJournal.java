package io.leat.compaction.erasure;

/** Where an erasure of one log writes down how far it is, and hears that it shall stop. */
public interface ErasureJournal {
    /**
     * Keeps it.
     *
     * @param durably whether a power cut must not take it once this returns
     * @throws io.leat.storage.api.StorageException when that is not possible
     */
    void save(LogProgress progress, boolean durably);

    /** So many bytes more were read. */
    void read(long bytes);

    /** Whether to stop as soon as that is possible. */
    boolean stopped();
}
