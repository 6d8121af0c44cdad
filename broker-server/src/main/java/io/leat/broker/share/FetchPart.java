package io.leat.broker.share;

import io.leat.broker.partition.Partition;
import io.leat.broker.share.Lanes.Lane;
import io.leat.broker.share.Served.Delivery;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogSlice;
import io.leat.storage.api.ReadOutcome;
import io.leat.wire.ErrorCode;
import io.leat.wire.schema.Payload;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a share fetch does with one partition, and what came of it. Belongs to the fetch's event
 * loop.
 */
final class FetchPart {
    private final SharePartitionId id;
    private final Optional<Partition> partition;
    private final Lane lane;
    private final List<Acknowledgement> acknowledgements;
    private final boolean acknowledges;

    private Runnable owner = () -> {};
    private ErrorCode error = ErrorCode.NONE;
    private ErrorCode acknowledged = ErrorCode.NONE;
    private boolean acknowledging;
    private boolean entered;
    private long from;
    private long lookedAtMax;
    private @Nullable LogSlice slice;
    private Offer offer = Offer.NOTHING;
    private List<Delivery> deliveries = List.of();
    private Payload records = Payload.EMPTY;
    private Optional<LogSlice> lease = Optional.empty();

    /**
     * @param partition empty where nothing is to be read
     * @param acknowledges whether the member acknowledges records of it, well or badly
     */
    FetchPart(
            SharePartitionId id,
            Optional<Partition> partition,
            Lane lane,
            List<Acknowledgement> acknowledgements,
            boolean acknowledges) {
        this.id = id;
        this.partition = partition;
        this.lane = lane;
        this.acknowledgements = acknowledgements;
        this.acknowledges = acknowledges;
        this.acknowledging = !acknowledgements.isEmpty();
    }

    SharePartitionId id() {
        return id;
    }

    Optional<Partition> partition() {
        return partition;
    }

    Lane lane() {
        return lane;
    }

    ErrorCode error() {
        return error;
    }

    ErrorCode acknowledged() {
        return acknowledged;
    }

    boolean acknowledges() {
        return acknowledges;
    }

    List<Delivery> deliveries() {
        return deliveries;
    }

    /** The batches that hold what was delivered; good as long as {@link #lease}. */
    Payload records() {
        return records;
    }

    Optional<LogSlice> lease() {
        return lease;
    }

    void fail(ErrorCode why) {
        error = why;
    }

    void failAcknowledgement(ErrorCode why) {
        acknowledged = why;
        acknowledging = false;
    }

    /** Names who waits at the lane. */
    void ownedBy(Runnable fetch) {
        owner = fetch;
    }

    /** The lane is entered, and a read begins. */
    void reading(long from, long lookedAtMax) {
        this.from = from;
        this.lookedAtMax = lookedAtMax;
        entered = true;
    }

    /** Takes what was read. */
    void take(ReadOutcome.Data data, int recordsMax, boolean exact) {
        slice = data.slice();
        if (slice.sizeBytes() == 0) {
            giveUp();
            return;
        }
        offer = SliceOffer.of(from, data, lookedAtMax, recordsMax, exact);
        if (offer.to() == from) {
            giveUp();
        }
    }

    /** The log begins behind what was to be read, or ends before it. */
    void takeNothing(LogBounds bounds) {
        offer = new Offer(from, from, List.of(), bounds.logStart(), bounds.durableEnd(), 0, true);
    }

    int sizeBytes() {
        return slice == null ? 0 : slice.sizeBytes();
    }

    /** How many records it may take. */
    long offered() {
        return Math.min(offer.recordsMax(), offer.spans().stream().mapToLong(Span::count).sum());
    }

    /** Whether it had no records to offer, but something to learn of the log. */
    boolean moved() {
        return entered && offer.spans().isEmpty();
    }

    boolean hasBusiness() {
        return acknowledging || entered;
    }

    Offer offer() {
        return offer;
    }

    /** The acknowledgements, once. */
    List<Acknowledgement> acknowledge() {
        return acknowledging ? acknowledgements : List.of();
    }

    void served(Served served) {
        if (acknowledging) {
            acknowledged = served.acknowledged();
            acknowledging = false;
        } else if (served.acknowledged() != ErrorCode.NONE) {
            error = served.acknowledged();
        }
        deliveries = served.deliveries();
        if (!deliveries.isEmpty() && slice != null) {
            lease = Optional.of(slice);
            records =
                    new Payload.OfBuffer(
                            SliceOffer.batchesWith(
                                    slice.bytes(),
                                    deliveries.getFirst().first(),
                                    deliveries.getLast().last()));
            slice = null;
        }
        giveUp();
    }

    /** Ends the read: what it holds is given back. */
    void giveUp() {
        if (slice != null) {
            slice.close();
            slice = null;
        }
        offer = Offer.NOTHING;
        if (entered) {
            entered = false;
            lane.leave(owner);
        }
    }
}
