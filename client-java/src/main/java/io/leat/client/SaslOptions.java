package io.leat.client;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * How a client says who it is. Before the time is up for which a broker believes it, the client
 * says it again (KIP-368).
 */
public sealed interface SaslOptions {
    /** By user and password, which the broker gets to see: over TLS only, where others listen. */
    static SaslOptions plain(String user, String password) {
        return new Plain(user, new Secret(password));
    }

    /** By SCRAM-SHA-256 (RFC 7677): neither side tells the other the password. */
    static SaslOptions scramSha256(String user, String password) {
        return new Scram(Scram.Hash.SHA_256, user, new Secret(password));
    }

    /** By SCRAM-SHA-512. */
    static SaslOptions scramSha512(String user, String password) {
        return new Scram(Scram.Hash.SHA_512, user, new Secret(password));
    }

    /**
     * By a token (RFC 7628).
     *
     * @param token asked for at every authentication; must not block for long
     */
    static SaslOptions oauthBearer(Supplier<Secret> token) {
        return new OAuthBearer(token);
    }

    /**
     * PLAIN (RFC 4616).
     *
     * @param user not empty
     * @param password of the user
     */
    record Plain(String user, Secret password) implements SaslOptions {
        public Plain {
            Objects.requireNonNull(password, "password");
            Check.that(!user.isEmpty(), "the user must not be empty");
        }
    }

    /**
     * SCRAM (RFC 5802).
     *
     * @param hash which of the two
     * @param user not empty
     * @param password of the user
     */
    record Scram(Hash hash, String user, Secret password) implements SaslOptions {
        /** The hash functions. */
        public enum Hash {
            SHA_256,
            SHA_512
        }

        public Scram {
            Objects.requireNonNull(hash, "hash");
            Objects.requireNonNull(password, "password");
            Check.that(!user.isEmpty(), "the user must not be empty");
        }
    }

    /**
     * OAUTHBEARER.
     *
     * @param token where tokens come from
     */
    record OAuthBearer(Supplier<Secret> token) implements SaslOptions {
        public OAuthBearer {
            Objects.requireNonNull(token, "token");
        }
    }
}
