package io.leat.broker.share;

import java.util.List;

/**
 * Records that were read from the log for a member to take.
 *
 * @param from the offset that was read from
 * @param to behind the last offset that was read; what lies between and is in no span has no record
 *     that may be delivered
 * @param spans where records are, in ascending order: each a batch, or a part of one
 * @param logStart the log's first offset
 * @param logEnd the end of what is durable
 * @param recordsMax how many records to take; 0 takes none
 * @param exact whether that is a limit, or may be exceeded to take a span whole (KIP-1206)
 */
record Offer(
        long from,
        long to,
        List<Span> spans,
        long logStart,
        long logEnd,
        int recordsMax,
        boolean exact) {
    Offer {
        spans = List.copyOf(spans);
    }

    /** Nothing is offered. */
    static final Offer NOTHING = new Offer(0, 0, List.of(), 0, Long.MAX_VALUE, 0, true);
}
