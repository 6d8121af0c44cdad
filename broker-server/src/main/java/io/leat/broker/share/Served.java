package io.leat.broker.share;

import io.leat.wire.ErrorCode;
import java.util.List;

/**
 * What came of a member's request.
 *
 * @param acknowledged whether its acknowledgements were taken: all, or none
 * @param deliveries the records that are its own now, in ascending order
 * @param lock what holds them
 */
record Served(ErrorCode acknowledged, List<Delivery> deliveries, long lock) {
    Served {
        deliveries = List.copyOf(deliveries);
    }

    /**
     * Neighbouring records.
     *
     * @param count how often they were delivered, this time included
     */
    record Delivery(long first, long last, int count) {}

    static Served failed(ErrorCode error) {
        return new Served(error, List.of(), -1);
    }
}
