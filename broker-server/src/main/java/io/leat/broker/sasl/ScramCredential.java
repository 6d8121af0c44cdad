package io.leat.broker.sasl;

import io.leat.wire.sasl.ScramMechanism;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;

/**
 * What a password is checked against (RFC 5802). It cannot be turned back into the password, but
 * who has it may guess at it: it is never shown.
 */
public final class ScramCredential {
    private static final int SALT_BYTES = 20;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ScramMechanism mechanism;
    private final int iterations;
    private final byte[] salt;
    private final byte[] storedKey;
    private final byte[] serverKey;

    ScramCredential(
            ScramMechanism mechanism,
            int iterations,
            byte[] salt,
            byte[] storedKey,
            byte[] serverKey) {
        this.mechanism = mechanism;
        this.iterations = iterations;
        this.salt = salt;
        this.storedKey = storedKey;
        this.serverKey = serverKey;
    }

    /** From what clients send who set a password (KIP-554). */
    public static ScramCredential of(
            ScramMechanism mechanism, int iterations, byte[] salt, byte[] saltedPassword) {
        byte[] clientKey = mechanism.hmac(saltedPassword, ascii("Client Key"));
        return new ScramCredential(
                mechanism,
                iterations,
                salt,
                mechanism.hash(clientKey),
                mechanism.hmac(saltedPassword, ascii("Server Key")));
    }

    /** From a password, with a salt of its own. */
    public static ScramCredential ofPassword(
            ScramMechanism mechanism, int iterations, String password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return of(
                mechanism,
                iterations,
                salt,
                mechanism.salted(password.getBytes(StandardCharsets.UTF_8), salt, iterations));
    }

    /** One that no password fits, for users that are not there. */
    static ScramCredential ofNobody(ScramMechanism mechanism, byte[] seed) {
        byte[] salt = new byte[SALT_BYTES];
        System.arraycopy(seed, 0, salt, 0, SALT_BYTES);
        byte[] never = new byte[mechanism.hashBytes()];
        RANDOM.nextBytes(never);
        return new ScramCredential(mechanism, ScramMechanism.ITERATIONS_MIN, salt, never, never);
    }

    public ScramMechanism mechanism() {
        return mechanism;
    }

    public int iterations() {
        return iterations;
    }

    byte[] salt() {
        return salt;
    }

    byte[] storedKey() {
        return storedKey;
    }

    byte[] serverKey() {
        return serverKey;
    }

    /** Whether it is this password. Takes as long for every password. */
    boolean fits(String password) {
        byte[] salted =
                mechanism.salted(password.getBytes(StandardCharsets.UTF_8), salt, iterations);
        byte[] clientKey = mechanism.hmac(salted, ascii("Client Key"));
        return MessageDigest.isEqual(mechanism.hash(clientKey), storedKey);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return "ScramCredential[" + mechanism.mechanism() + "]";
    }
}
