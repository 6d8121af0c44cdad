package io.leat.compaction.erasure;

import io.leat.compaction.segment.Supervisor;

/** Where an erasure of one log writes down how far it is, and hears that it shall stop. */
public interface ErasureJournal extends Supervisor {
    /**
     * Keeps it.
     *
     * @param durably whether a power cut must not take it once this returns
     * @throws io.leat.storage.api.StorageException when that is not possible
     */
    void save(LogProgress progress, boolean durably);
}
