package io.leat.wire.schema;

/** Bytes that are not the message they are said to be. */
public final class MalformedMessageException extends WireException {
    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String problem) {
        super(problem);
    }
}
