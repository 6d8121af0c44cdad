package io.leat.client;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How an erasure of keys stands.
 *
 * @param id its name
 * @param topic the topic's name when it was accepted
 * @param topicId the topic's id
 * @param state whether it runs, and how it ended
 * @param problem why it failed, or what it waits for
 * @param keyHashes the SHA-256 of each key, in hexadecimal digits; the broker keeps no keys
 * @param leaveTombstones whether tombstones stay behind
 * @param requestedBy principal, host and name of the client that asked for it
 * @param accepted when it was accepted
 * @param ended when it ended
 * @param partitionCount how many partitions the topic had
 * @param partitionsDone how many of them are erased and verified
 * @param workBytes how many bytes are to be read, about
 * @param workBytesDone how many of them were read
 * @param recordsRemoved how many records of the keys are gone
 * @param bytesFreed by how much the topic's files are smaller
 * @param segmentsRewritten how many segments held records of the keys
 * @param tombstonesLeft how many tombstones stayed behind
 * @param recordsVerified how many records the last reading of all files went through, and found no
 *     record of the keys among them
 */
public record Erasure(
        UUID id,
        String topic,
        UUID topicId,
        State state,
        Optional<String> problem,
        List<String> keyHashes,
        boolean leaveTombstones,
        String requestedBy,
        Instant accepted,
        Optional<Instant> ended,
        int partitionCount,
        int partitionsDone,
        long workBytes,
        long workBytesDone,
        long recordsRemoved,
        long bytesFreed,
        int segmentsRewritten,
        int tombstonesLeft,
        long recordsVerified) {

    /** How an erasure stands. */
    public enum State {
        /** Accepted, and not over; it goes on after a restart of the broker. */
        RUNNING,
        /** All records of the keys are gone, as a reading of all files has shown. */
        DONE,
        /** Given up; records of the keys may be left. */
        FAILED,
        /** Its topic was deleted meanwhile. */
        TOPIC_DELETED
    }

    public Erasure {
        keyHashes = List.copyOf(keyHashes);
    }

    /** Whether it is over. */
    public boolean isOver() {
        return state != State.RUNNING;
    }
}
