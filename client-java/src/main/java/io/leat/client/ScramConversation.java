package io.leat.client;

import io.leat.client.network.SaslConversation;
import io.leat.wire.sasl.ScramMechanism;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The client's side of SCRAM (RFC 5802, RFC 7677), without channel binding.
 *
 * <pre>
 * client  n,,n=USER,r=NONCE
 * broker  r=NONCE+MORE,s=SALT,i=ITERATIONS
 * client  c=biws,r=NONCE+MORE,p=PROOF
 * broker  v=SIGNATURE
 * </pre>
 */
final class ScramConversation implements SaslConversation {
    private static final int NONCE_BYTES = 24;
    private static final String NO_BINDING = "n,,";
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A broker that asks for more would let the client work for minutes. */
    private static final int ITERATIONS_MAX = 1_000_000;

    private enum Stage {
        CHALLENGE,
        SIGNATURE,
        OVER
    }

    private final ScramMechanism mechanism;
    private final String password;
    private final String nonce;
    private final String firstBare;
    private Stage stage = Stage.CHALLENGE;
    private byte[] expectedSignature = {};

    ScramConversation(ScramMechanism mechanism, String user, String password) {
        this(mechanism, user, password, nonce());
    }

    /**
     * @param nonce printable, without a comma
     */
    ScramConversation(ScramMechanism mechanism, String user, String password, String nonce) {
        this.mechanism = mechanism;
        this.password = password;
        this.nonce = nonce;
        this.firstBare = "n=" + user.replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
    }

    private static String nonce() {
        byte[] random = new byte[NONCE_BYTES];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    @Override
    public String mechanism() {
        return mechanism.mechanism();
    }

    @Override
    public byte[] begin() {
        return utf8(NO_BINDING + firstBare);
    }

    @Override
    public Optional<byte[]> answer(byte[] said) throws BrokenException {
        String text = new String(said, StandardCharsets.UTF_8);
        Map<Character, String> fields = fields(text);
        String complaint = fields.get('e');
        if (complaint != null) {
            throw new BrokenException(complaint);
        }
        return switch (stage) {
            case CHALLENGE -> Optional.of(prove(text, fields));
            case SIGNATURE -> {
                verify(fields);
                yield Optional.empty();
            }
            case OVER -> throw new BrokenException("it goes on after its last word");
        };
    }

    private byte[] prove(String challenge, Map<Character, String> fields) throws BrokenException {
        String combined = field(fields, 'r');
        if (!combined.startsWith(nonce) || combined.length() == nonce.length()) {
            throw new BrokenException("its challenge does not go on from this client's nonce");
        }
        byte[] salt = base64(field(fields, 's'));
        int iterations = iterations(field(fields, 'i'));
        byte[] salted = mechanism.salted(utf8(password), salt, iterations);
        byte[] clientKey = mechanism.hmac(salted, utf8("Client Key"));
        String withoutProof =
                "c=" + Base64.getEncoder().encodeToString(utf8(NO_BINDING)) + ",r=" + combined;
        byte[] everything = utf8(firstBare + "," + challenge + "," + withoutProof);
        byte[] proof = mechanism.hmac(mechanism.hash(clientKey), everything);
        for (int i = 0; i < proof.length; i++) {
            proof[i] ^= clientKey[i];
        }
        expectedSignature = mechanism.hmac(mechanism.hmac(salted, utf8("Server Key")), everything);
        stage = Stage.SIGNATURE;
        return utf8(withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof));
    }

    private void verify(Map<Character, String> fields) throws BrokenException {
        stage = Stage.OVER;
        if (!MessageDigest.isEqual(expectedSignature, base64(field(fields, 'v')))) {
            throw new BrokenException("it does not know the password either: it is another broker");
        }
    }

    private static int iterations(String text) throws BrokenException {
        try {
            int iterations = Integer.parseInt(text);
            if (iterations >= ScramMechanism.ITERATIONS_MIN && iterations <= ITERATIONS_MAX) {
                return iterations;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new BrokenException(
                "it asks for "
                        + text
                        + " iterations, not "
                        + ScramMechanism.ITERATIONS_MIN
                        + " or more");
    }

    private static Map<Character, String> fields(String text) throws BrokenException {
        Map<Character, String> fields = new HashMap<>();
        for (String each : text.split(",", -1)) {
            if (each.length() < 2 || each.charAt(1) != '=') {
                throw new BrokenException("what it says is not SCRAM");
            }
            fields.putIfAbsent(each.charAt(0), each.substring(2));
        }
        return fields;
    }

    private static String field(Map<Character, String> fields, char name) throws BrokenException {
        String value = fields.get(name);
        if (value == null) {
            throw new BrokenException("what it says is not SCRAM: " + name + " is missing");
        }
        return value;
    }

    private static byte[] base64(String text) throws BrokenException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new BrokenException("what it says is not SCRAM: no Base64");
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
