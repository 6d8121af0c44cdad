package io.leat.wire.schema;

/**
 * A message that its version cannot carry: a value for a field that the version lacks, null where
 * null is not allowed, a string or number that is too long.
 */
public final class UnencodableMessageException extends WireException {
    private static final long serialVersionUID = 1L;

    public UnencodableMessageException(String problem) {
        super(problem);
    }
}
