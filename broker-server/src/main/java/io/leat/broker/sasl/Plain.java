package io.leat.broker.sasl;

import io.leat.wire.sasl.ScramMechanism;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * PLAIN (RFC 4616): the client sends its password, which is checked against its SCRAM credential.
 *
 * <pre>
 * message   [authorization id] 0 user 0 password
 * </pre>
 */
public final class Plain implements SaslMechanism {
    private static final int MESSAGE_BYTES_MAX = 10_000;

    private final ScramUsers users;

    public Plain(ScramUsers users) {
        this.users = users;
    }

    @Override
    public String name() {
        return "PLAIN";
    }

    @Override
    public SaslExchange begin() {
        return this::check;
    }

    private SaslStep check(byte[] message) {
        if (message.length > MESSAGE_BYTES_MAX) {
            return failure("");
        }
        String[] parts = new String(message, StandardCharsets.UTF_8).split("\0", -1);
        if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
            return failure("");
        }
        String user = parts[1];
        if (!parts[0].isEmpty() && !parts[0].equals(user)) {
            return failure(user); // nobody speaks for somebody else
        }
        // Also for users that are not there, so that it takes as long.
        Optional<ScramCredential> known =
                users.find(user, ScramMechanism.SCRAM_SHA_256)
                        .or(() -> users.find(user, ScramMechanism.SCRAM_SHA_512));
        ScramCredential credential =
                known.orElseGet(() -> users.findOrNobody(user, ScramMechanism.SCRAM_SHA_256));
        return credential.fits(parts[2])
                ? new SaslStep.Success(new byte[0], user, Long.MAX_VALUE)
                : failure(user);
    }

    private static SaslStep failure(String user) {
        return new SaslStep.Failure("Authentication failed: Invalid username or password", user);
    }
}
