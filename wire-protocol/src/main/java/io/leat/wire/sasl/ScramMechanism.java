package io.leat.wire.sasl;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The hash functions of SCRAM (RFC 5802, RFC 7677), with their codes in KIP-554. */
public enum ScramMechanism {
    SCRAM_SHA_256(1, "SCRAM-SHA-256", "SHA-256", "HmacSHA256", 32),
    SCRAM_SHA_512(2, "SCRAM-SHA-512", "SHA-512", "HmacSHA512", 64);

    /** Fewer repetitions of the hash are refused. */
    public static final int ITERATIONS_MIN = 4_096;

    /** More would let a client make the broker work for long. */
    public static final int ITERATIONS_MAX = 16_384;

    private final byte code;
    private final String mechanism;
    private final String hash;
    private final String hmac;
    private final int hashBytes;

    ScramMechanism(int code, String mechanism, String hash, String hmac, int hashBytes) {
        this.code = (byte) code;
        this.mechanism = mechanism;
        this.hash = hash;
        this.hmac = hmac;
        this.hashBytes = hashBytes;
    }

    public static Optional<ScramMechanism> of(byte code) {
        return Arrays.stream(values()).filter(each -> each.code == code).findFirst();
    }

    /** The number on the wire. */
    public byte code() {
        return code;
    }

    /** The name in SASL. */
    public String mechanism() {
        return mechanism;
    }

    /** How long a hash is. */
    public int hashBytes() {
        return hashBytes;
    }

    /** RFC 5802's H(). */
    public byte[] hash(byte[] text) {
        try {
            return MessageDigest.getInstance(hash).digest(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + hash, e);
        }
    }

    /** RFC 5802's HMAC(). */
    public byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(hmac);
            mac.init(new SecretKeySpec(key, hmac));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + hmac, e);
        }
    }

    /** RFC 5802's Hi(): the password with its salt, hashed {@code iterations} times. */
    public byte[] salted(byte[] password, byte[] salt, int iterations) {
        try {
            Mac mac = Mac.getInstance(hmac);
            // An empty password is refused elsewhere; keys must not be empty here either.
            mac.init(new SecretKeySpec(password.length == 0 ? new byte[1] : password, hmac));
            mac.update(salt);
            byte[] last = mac.doFinal(new byte[] {0, 0, 0, 1});
            byte[] result = last.clone();
            for (int count = 1; count < iterations; count++) {
                last = mac.doFinal(last);
                for (int index = 0; index < result.length; index++) {
                    result[index] ^= last[index];
                }
            }
            return result;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + hmac, e);
        }
    }
}
