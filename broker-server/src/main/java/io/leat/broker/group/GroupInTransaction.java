package io.leat.broker.group;

import io.leat.wire.ErrorCode;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Asked whether a producer's transaction may commit offsets of a group. */
@FunctionalInterface
public interface GroupInTransaction {
    /**
     * Commits offsets if the group is joined to the producer's open transaction.
     *
     * @param asker who sends offsets, and by which transactional id
     * @param implicitly whether to join it (transaction version 2), or only to look
     * @param commit asks the group for the commit; called so that the group hears of the
     *     transaction's end later than that
     */
    CompletionStage<ErrorCode> within(
            Asker asker,
            String groupId,
            boolean implicitly,
            Supplier<CompletionStage<ErrorCode>> commit);

    /** A transactional producer. */
    record Asker(String transactionalId, long producerId, short producerEpoch) {}
}
