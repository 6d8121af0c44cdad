package io.leat.broker.share;

import io.leat.broker.coordinator.ReplyTo;
import io.leat.wire.ErrorCode;
import java.util.List;

/** What may happen to a group's share of a partition. */
sealed interface ShareCommand {
    /** Delivery begins at an offset, unless it has begun. */
    record Open(long start, ReplyTo<ErrorCode> to) implements ShareCommand {}

    /**
     * A member acknowledges records, then takes others.
     *
     * @param acknowledgements in ascending order, none overlapping
     */
    record Serve(
            String memberId,
            List<Acknowledgement> acknowledgements,
            Offer offer,
            ReplyTo<Served> to)
            implements ShareCommand {}

    /** A member is gone: what it holds is available again. */
    record Release(String memberId, ReplyTo<ErrorCode> to) implements ShareCommand {}

    /** Records could not be handed to the member who took them. */
    record GiveBack(long lock, ReplyTo<ErrorCode> to) implements ShareCommand {}

    /** A lock's time is over. */
    record LockOver(long lock) implements ShareCommand {}

    /** Delivery goes on from another offset; what was under way is forgotten. */
    record Reset(long start, ReplyTo<ErrorCode> to) implements ShareCommand {}

    /** Nothing is remembered. */
    record Remove(ReplyTo<ErrorCode> to) implements ShareCommand {}

    /** Dead letters are written with this producer id from now on. */
    record TakeProducer(long producerId, ReplyTo<ErrorCode> to) implements ShareCommand {}

    /** The dead letters with numbers before {@code sequenceEnd} are on disk. */
    record Archived(long sequenceEnd, ReplyTo<ErrorCode> to) implements ShareCommand {}
}
