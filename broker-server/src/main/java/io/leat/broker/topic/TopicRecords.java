package io.leat.broker.topic;

import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import io.leat.storage.api.StorageException;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics' records in the state store, as {@link TopicRecord} draws them. Blocks on the disk.
 */
final class TopicRecords {
    private static final Logger LOG = LoggerFactory.getLogger(TopicRecords.class);

    private final StateStore state;
    private final DeletedNames deletedNames;

    TopicRecords(StateStore state) {
        this.state = state;
        this.deletedNames = new DeletedNames(state);
    }

    /** Reads the names that were deleted. Once, before use. */
    void open() {
        deletedNames.load();
    }

    /** Whether a topic of that name was deleted, and none made since. */
    boolean wasDeleted(String name) {
        return deletedNames.contains(name);
    }

    /**
     * Writes the records of new topics, all of them or none.
     *
     * @throws TopicException KAFKA_STORAGE_ERROR
     */
    void create(List<TopicRecord> records) {
        List<Write> writes = new ArrayList<>();
        for (TopicRecord record : records) {
            writes.addAll(deletedNames.writesOnCreate(record.name()));
            writes.add(new Write.Put(record.key(TopicRecord.LIVE), record.value()));
        }
        write(writes.toArray(Write[]::new));
        records.forEach(record -> deletedNames.created(record.name()));
    }

    /** Every topic. */
    List<TopicRecord> live() {
        return read(TopicRecord.LIVE);
    }

    /** Every topic that was deleted and whose logs are still to be removed. */
    List<TopicRecord> deleted() {
        return read(TopicRecord.DELETED);
    }

    /**
     * Writes a topic's record in place of the one it had.
     *
     * @throws TopicException KAFKA_STORAGE_ERROR
     */
    void put(TopicRecord record) {
        write(new Write.Put(record.key(TopicRecord.LIVE), record.value()));
    }

    /**
     * Turns a topic's record into that of its deletion.
     *
     * @throws TopicException KAFKA_STORAGE_ERROR
     */
    void markDeleted(TopicRecord record) {
        long nowMillis = System.currentTimeMillis();
        List<Write> writes = deletedNames.writesOnDelete(record.name(), nowMillis);
        writes.add(new Write.Delete(record.key(TopicRecord.LIVE)));
        writes.add(new Write.Put(record.key(TopicRecord.DELETED), record.value()));
        write(writes.toArray(Write[]::new));
        deletedNames.deleted(record.name(), nowMillis);
    }

    /** Takes back the record of a topic whose logs could not be made. */
    void undoCreation(TopicRecord record) {
        undo(record.name(), new Write.Delete(record.key(TopicRecord.LIVE)));
    }

    /** Takes back the growth of a topic whose new logs could not be made. */
    void undoGrowth(TopicRecord before) {
        undo(before.name(), new Write.Put(before.key(TopicRecord.LIVE), before.value()));
    }

    /**
     * Forgets a deleted topic whose logs are removed. Not forced: to remove them again is no harm.
     *
     * @throws StorageException when the disk fails
     */
    void forget(TopicRecord record) {
        state.write(List.of(new Write.Delete(record.key(TopicRecord.DELETED))), false);
    }

    private List<TopicRecord> read(byte[] prefix) {
        List<TopicRecord> records = new ArrayList<>();
        state.scan(prefix, (key, value) -> records.add(TopicRecord.read(prefix, key, value)));
        return records;
    }

    private void write(Write... writes) {
        try {
            state.write(List.of(writes), true);
        } catch (StorageException e) {
            throw new TopicException(ErrorCode.KAFKA_STORAGE_ERROR, String.valueOf(e.getMessage()));
        }
    }

    /** Where this fails too, the next start makes the logs that the record names. */
    private void undo(String topic, Write write) {
        try {
            state.write(List.of(write), true);
        } catch (StorageException e) {
            LOG.error(
                    "Partitions of topic {} could not be created, and their record not taken"
                            + " back: {}",
                    topic,
                    e.getMessage());
        }
    }
}
