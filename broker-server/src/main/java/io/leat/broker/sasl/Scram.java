package io.leat.broker.sasl;

import io.leat.wire.sasl.ScramMechanism;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SCRAM (RFC 5802): the password never travels, and neither do messages that could be replayed,
 * since half of each exchange's nonce is the broker's.
 */
public final class Scram implements SaslMechanism {
    /** No channel binding; perhaps an authorization id; the user; the nonce; extensions. */
    private static final Pattern FIRST =
            Pattern.compile(
                    "(?<header>(?<binding>n|y|p=[^,]*),(?:a=(?<other>[^,]*))?,)"
                            + "(?<bare>n=(?<user>[^,]+),r=(?<nonce>[\\x21-\\x2B\\x2D-\\x7E]+)(?:,"
                            + ".*)?)");

    private static final Pattern FINAL =
            Pattern.compile(
                    "(?<unsigned>c=(?<header>[^,]+),r=(?<nonce>[\\x21-\\x2B\\x2D-\\x7E]+)(?:,"
                            + "[^p].*)?)"
                            + ",p=(?<proof>[^,]+)");

    private static final int NONCE_BYTES = 18;
    private static final int MESSAGE_BYTES_MAX = 10_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ScramMechanism mechanism;
    private final ScramUsers users;

    public Scram(ScramMechanism mechanism, ScramUsers users) {
        this.mechanism = mechanism;
        this.users = users;
    }

    @Override
    public String name() {
        return mechanism.mechanism();
    }

    @Override
    public SaslExchange begin() {
        return new Exchange();
    }

    private final class Exchange implements SaslExchange {
        private String user = "";
        private String header = "";
        private String clientNonce = "";
        private String nonce = "";
        private String clientFirst = "";
        private String serverFirst = "";
        private boolean begun;

        @Override
        public SaslStep next(byte[] message) {
            if (message.length > MESSAGE_BYTES_MAX) {
                return failure();
            }
            String text = new String(message, StandardCharsets.UTF_8);
            if (!begun) {
                begun = true;
                return first(text);
            }
            return last(text);
        }

        private SaslStep first(String text) {
            Matcher matcher = FIRST.matcher(text);
            if (!matcher.matches() || matcher.group("binding").startsWith("p=")) {
                return failure();
            }
            user = unescaped(matcher.group("user"));
            String other = matcher.group("other");
            if (other != null && !other.isEmpty() && !unescaped(other).equals(user)) {
                return failure(); // nobody speaks for somebody else
            }
            byte[] random = new byte[NONCE_BYTES];
            RANDOM.nextBytes(random);
            ScramCredential credential = users.findOrNobody(user, mechanism);
            header = matcher.group("header");
            clientFirst = matcher.group("bare");
            clientNonce = matcher.group("nonce");
            nonce = clientNonce + base64(random);
            serverFirst =
                    "r=%s,s=%s,i=%d"
                            .formatted(nonce, base64(credential.salt()), credential.iterations());
            return new SaslStep.Challenge(serverFirst.getBytes(StandardCharsets.UTF_8));
        }

        private SaslStep last(String text) {
            Matcher matcher = FINAL.matcher(text);
            if (!matcher.matches()) {
                return failure();
            }
            byte[] echoed;
            byte[] proof;
            try {
                echoed = Base64.getDecoder().decode(matcher.group("header"));
                proof = Base64.getDecoder().decode(matcher.group("proof"));
            } catch (IllegalArgumentException e) {
                return failure();
            }
            // What was said at first must be what is signed now: nothing was replayed or changed.
            boolean same =
                    MessageDigest.isEqual(echoed, header.getBytes(StandardCharsets.UTF_8))
                            && sameNonce(matcher.group("nonce"));
            // The credential as it is now: a password that was changed meanwhile counts.
            ScramCredential credential = users.findOrNobody(user, mechanism);
            byte[] signed =
                    (clientFirst + "," + serverFirst + "," + matcher.group("unsigned"))
                            .getBytes(StandardCharsets.UTF_8);
            byte[] key = mechanism.hmac(credential.storedKey(), signed);
            boolean proven = proof.length == key.length;
            for (int index = 0; index < key.length; index++) {
                key[index] ^= proven ? proof[index] : 0;
            }
            proven &= MessageDigest.isEqual(mechanism.hash(key), credential.storedKey());
            if (!same || !proven) {
                return failure();
            }
            byte[] signature = mechanism.hmac(credential.serverKey(), signed);
            return new SaslStep.Success(
                    ("v=" + base64(signature)).getBytes(StandardCharsets.UTF_8),
                    user,
                    Long.MAX_VALUE);
        }

        /**
         * Whether a nonce is this exchange's. librdkafka before 2.6.1, and with it the clients of
         * many languages, put their own part before it a second time; Apache Kafka lets that pass
         * too, and the proof covers it.
         */
        private boolean sameNonce(String said) {
            return said.equals(nonce) || said.equals(clientNonce + nonce);
        }

        private SaslStep failure() {
            return new SaslStep.Failure(
                    "Authentication failed: the user or the password is not right, or "
                            + name()
                            + " is not set up for the user",
                    user);
        }
    }

    private static String unescaped(String name) {
        return name.replace("=2C", ",").replace("=3D", "=");
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
