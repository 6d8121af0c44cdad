package io.leat.cli.terminal;

import java.io.IOException;

/**
 * Nobody reads standard output any more, as after {@code | head}: a reason to end, not an error.
 */
public final class ClosedOutputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClosedOutputException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
