package io.leat.client;

import io.leat.client.network.Encryption;
import io.leat.client.network.SaslConversation;
import io.leat.client.network.Security;
import io.leat.client.network.TransportException;
import io.leat.wire.sasl.ScramMechanism;
import java.util.function.Supplier;

/** Makes of options what connections need. */
final class Securing {
    private Securing() {}

    /**
     * Reads the files that the options name.
     *
     * @throws AuthenticationException when one cannot be used; the message names it
     */
    static Security of(ConnectionOptions options) {
        return new Security(
                options.tls().map(Securing::encryption),
                options.sasl().map(Securing::conversations));
    }

    private static Supplier<SaslConversation> conversations(SaslOptions options) {
        if (options instanceof SaslOptions.Plain plain) {
            return () -> OneWordConversation.plain(plain.user(), plain.password().value());
        }
        if (options instanceof SaslOptions.Scram scram) {
            ScramMechanism mechanism =
                    switch (scram.hash()) {
                        case SHA_256 -> ScramMechanism.SCRAM_SHA_256;
                        case SHA_512 -> ScramMechanism.SCRAM_SHA_512;
                    };
            return () -> new ScramConversation(mechanism, scram.user(), scram.password().value());
        }
        SaslOptions.OAuthBearer bearer = (SaslOptions.OAuthBearer) options;
        return () -> OneWordConversation.oauthBearer(bearer.token().get().value());
    }

    private static Encryption encryption(TlsOptions options) {
        try {
            return Encryption.read(
                    new Encryption.Files(
                            options.trust(),
                            options.trustPassword().map(Secret::value),
                            options.identity(),
                            options.identityKey(),
                            options.identityPassword().map(Secret::value)),
                    options.checkHostName());
        } catch (TransportException e) {
            throw new AuthenticationException(String.valueOf(e.getMessage()), e);
        }
    }
}
