package io.leat.storage.local;

import java.io.IOException;

/** What was durable is not there any more, or not as it was; the message says where. */
final class DamagedLogException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedLogException(String message) {
        super(message);
    }

    /** Checks a file's size against what of it is known to have been forced. */
    static void requireDurable(long sizeBytes, long durableBytes) throws DamagedLogException {
        if (sizeBytes < durableBytes) {
            throw new DamagedLogException(
                    "it has %d bytes, %d were durable".formatted(sizeBytes, durableBytes));
        }
    }
}
