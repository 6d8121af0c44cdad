package io.leat.cli.topology;

/** A file is not what it should be. The message names the file and the line. */
public final class TopologyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TopologyException(String message) {
        super(message);
    }
}
