package io.leat.broker.sasl;

/** The broker's side of a SASL exchange. */
// Arrays: messages are handed on as they are, and never compared.
@SuppressWarnings("ArrayRecordComponent")
public sealed interface SaslStep {
    /** The client must say more. */
    record Challenge(byte[] message) implements SaslStep {}

    /**
     * The client is who it says.
     *
     * @param message the last message to it, perhaps empty
     * @param user the name without the principal's type
     * @param expiresMillis when the credential ends, in milliseconds since the epoch; {@link
     *     Long#MAX_VALUE} for never
     */
    record Success(byte[] message, String user, long expiresMillis) implements SaslStep {}

    /**
     * The client is not who it says, or cannot be understood.
     *
     * @param told what the client is told: never why exactly
     * @param user who it said it was, for the audit; empty when it did not come to that
     */
    record Failure(String told, String user) implements SaslStep {}
}
