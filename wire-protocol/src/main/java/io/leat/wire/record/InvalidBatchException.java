package io.leat.wire.record;

/** The bytes of a batch or of its records break the format, or a bound set by the reader. */
public final class InvalidBatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Flaw flaw;

    public InvalidBatchException(Flaw flaw, String message) {
        super(message);
        this.flaw = flaw;
    }

    public InvalidBatchException(Flaw flaw, String message, Throwable cause) {
        super(message, cause);
        this.flaw = flaw;
    }

    public Flaw flaw() {
        return flaw;
    }
}
