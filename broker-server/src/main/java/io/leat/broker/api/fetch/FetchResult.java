package io.leat.broker.api.fetch;

import io.leat.storage.api.LogSlice;
import io.leat.wire.ErrorCode;
import java.util.Optional;

/**
 * What came of a read.
 *
 * @param slice the bytes, when there are any; owned by whoever holds the result
 */
record FetchResult(
        FetchTarget target,
        ErrorCode error,
        long highWatermark,
        long lastStableOffset,
        long logStart,
        Optional<LogSlice> slice) {
    private static final long UNKNOWN = -1;

    static FetchResult failed(FetchTarget target, ErrorCode error) {
        return new FetchResult(target, error, UNKNOWN, UNKNOWN, UNKNOWN, Optional.empty());
    }

    int sizeBytes() {
        return slice.map(LogSlice::sizeBytes).orElse(0);
    }

    void discard() {
        slice.ifPresent(LogSlice::close);
    }
}
