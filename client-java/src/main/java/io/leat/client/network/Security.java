package io.leat.client.network;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * How connections are secured.
 *
 * @param tls what encrypts them
 * @param sasl starts to say who the client is; called for every connection, and again whenever a
 *     broker wants to know again
 */
public record Security(Optional<Encryption> tls, Optional<Supplier<SaslConversation>> sasl) {
    /** Neither. */
    public static final Security NONE = new Security(Optional.empty(), Optional.empty());
}
