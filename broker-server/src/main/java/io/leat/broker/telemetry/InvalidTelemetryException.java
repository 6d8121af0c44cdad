package io.leat.broker.telemetry;

/** Bytes that are not the metrics which a client says they are. */
final class InvalidTelemetryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidTelemetryException(String message) {
        super(message, null, false, false);
    }
}
