package io.leat.cli.terminal;

import java.io.IOException;

/** Output could not be written, as on a full disk. The message is one line for the person. */
public final class LostOutputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LostOutputException(IOException cause) {
        super("Cannot write the output: " + cause.getMessage(), cause);
    }
}
