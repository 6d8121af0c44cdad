package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How the erasures of a {@link LeatDescribeErasuresRequest} stand, the youngest first. */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record LeatDescribeErasuresResponse(
        int throttleTimeMs,
        short errorCode,
        @Nullable String errorMessage,
        List<LeatErasure> erasures)
        implements ResponseMessage {

    /**
     * One erasure.
     *
     * @param state 0 runs, 1 done, 2 failed, 3 ended by the deletion of its topic
     * @param problem why it failed, or what keeps one that runs from going on at the moment
     * @param keyHashes the SHA-256 of each key; the keys themselves are kept nowhere
     * @param requestedBy principal, host and name of the client
     * @param endedTimeMs -1 while it runs
     * @param partitionsDone how many are erased and verified
     * @param workBytes how many bytes are to be read, as far as is known
     * @param workBytesDone how many of them were read
     * @param recordsVerified how many records the last reading of all files went through, without a
     *     record of the keys among them
     */
    public record LeatErasure(
            UUID erasureId,
            String topic,
            UUID topicId,
            byte state,
            @Nullable String problem,
            List<ByteBuffer> keyHashes,
            boolean leaveTombstone,
            String requestedBy,
            long acceptedTimeMs,
            @Default("-1") long endedTimeMs,
            int partitions,
            int partitionsDone,
            long workBytes,
            long workBytesDone,
            long recordsRemoved,
            long bytesFreed,
            int segmentsRewritten,
            int tombstonesLeft,
            long recordsVerified) {}
}
