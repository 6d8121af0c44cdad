package io.leat.client.network;

import java.util.Optional;

/** A client's side of one SASL exchange. For one thread and one use. */
public interface SaslConversation {
    /** The other side said what cannot be, or proved that it is not who it should be. */
    final class BrokenException extends Exception {
        private static final long serialVersionUID = 1L;

        public BrokenException(String message) {
            super(message);
        }
    }

    /** The mechanism's name in SASL. */
    String mechanism();

    /** What the client says first. */
    byte[] begin();

    /**
     * What the client says to an answer; nothing when both are content.
     *
     * @throws BrokenException when the answer cannot be accepted
     */
    Optional<byte[]> answer(byte[] said) throws BrokenException;
}
