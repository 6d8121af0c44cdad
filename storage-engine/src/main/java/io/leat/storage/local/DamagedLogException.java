package io.leat.storage.local;

import java.io.IOException;

/** What was durable is not there any more, or not as it was; the message says where. */
final class DamagedLogException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedLogException(String message) {
        super(message);
    }
}
