package io.leat.broker.sasl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.Key;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * OAUTHBEARER (RFC 7628): the client brings a JWT that somebody else issued. Its signature is
 * checked with that one's public keys; it must not have expired, and be meant for us.
 *
 * <pre>
 * message   "n," ["a=" user] "," 1 "auth=Bearer " token 1 [key "=" value 1]... 1
 * </pre>
 */
public final class OAuthBearer implements SaslMechanism {
    private static final Logger LOG = LoggerFactory.getLogger(OAuthBearer.class);
    private static final int MESSAGE_BYTES_MAX = 100_000;

    /** With loops that give nothing back: all others recurse once for each pair that is sent. */
    private static final Pattern MESSAGE =
            Pattern.compile(
                    "n,(?:a=(?<user>[^,]*))?,\u0001(?:(?!auth=)[^\u0001]++\u0001)*+auth=[Bb]earer"
                            + " +(?<token>[-_.+/=A-Za-z0-9]+)\u0001(?:[^\u0001]++\u0001)*+\u0001");

    /** Only signatures with a private key: a shared secret would make every checker an issuer. */
    private static final AlgorithmConstraints ALGORITHMS =
            new AlgorithmConstraints(
                    ConstraintType.PERMIT,
                    AlgorithmIdentifiers.RSA_USING_SHA256,
                    AlgorithmIdentifiers.RSA_USING_SHA384,
                    AlgorithmIdentifiers.RSA_USING_SHA512,
                    AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
                    AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
                    AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
                    AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
                    AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
                    AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512,
                    AlgorithmIdentifiers.EDDSA);

    private final JwtConsumer consumer;
    private final String userClaim;

    /**
     * What tokens must be.
     *
     * @param keys where the issuer's public keys are: a URL, {@code https:}, {@code http:} or
     *     {@code file:}
     * @param audience one of which must be meant; empty for any
     * @param issuer who must have issued it; empty for anybody with the keys
     * @param clockSkewSeconds how far the issuer's clock may be off
     * @param userClaim the claim with the user's name
     */
    public record Expectations(
            String keys,
            List<String> audience,
            String issuer,
            int clockSkewSeconds,
            String userClaim) {}

    public OAuthBearer(Expectations expected) {
        JwtConsumerBuilder builder =
                new JwtConsumerBuilder()
                        .setVerificationKeyResolver(keys(expected.keys()))
                        .setRequireExpirationTime()
                        .setAllowedClockSkewInSeconds(expected.clockSkewSeconds())
                        .setJwsAlgorithmConstraints(ALGORITHMS);
        if (expected.audience().isEmpty()) {
            builder.setSkipDefaultAudienceValidation();
        } else {
            builder.setExpectedAudience(expected.audience().toArray(String[]::new));
        }
        if (!expected.issuer().isEmpty()) {
            builder.setExpectedIssuer(expected.issuer());
        }
        this.consumer = builder.build();
        this.userClaim = expected.userClaim();
    }

    private static VerificationKeyResolver keys(String location) {
        if (location.startsWith("file:")) {
            return new KeyFile(Path.of(java.net.URI.create(location)));
        }
        return new HttpsJwksVerificationKeyResolver(new HttpsJwks(location));
    }

    /** Keys in a file, which is read again when it changes. */
    private static final class KeyFile implements VerificationKeyResolver {
        private final Path file;
        private Optional<FileTime> readAt = Optional.empty();
        private VerificationKeyResolver keys = new JwksVerificationKeyResolver(List.of());

        KeyFile(Path file) {
            this.file = file;
        }

        @Override
        public synchronized Key resolveKey(
                JsonWebSignature signature, List<JsonWebStructure> nesting)
                throws UnresolvableKeyException {
            try {
                FileTime modified = Files.getLastModifiedTime(file);
                if (!readAt.equals(Optional.of(modified))) {
                    keys =
                            new JwksVerificationKeyResolver(
                                    new JsonWebKeySet(Files.readString(file)).getJsonWebKeys());
                    readAt = Optional.of(modified);
                }
            } catch (IOException | JoseException e) {
                throw new UnresolvableKeyException("the keys in " + file + " cannot be read", e);
            }
            return keys.resolveKey(signature, nesting);
        }
    }

    @Override
    public String name() {
        return "OAUTHBEARER";
    }

    @Override
    public SaslExchange begin() {
        return this::check;
    }

    private SaslStep check(byte[] message) {
        if (message.length > MESSAGE_BYTES_MAX) {
            return failure("");
        }
        Matcher matcher = MESSAGE.matcher(new String(message, StandardCharsets.UTF_8));
        if (!matcher.matches()) {
            return failure("");
        }
        try {
            JwtClaims claims = consumer.processToClaims(matcher.group("token"));
            String user = claims.getStringClaimValue(userClaim);
            String other = matcher.group("user");
            if (user == null || user.isEmpty()) {
                LOG.info("A token was refused: it has no claim {}", userClaim);
                return failure("");
            }
            if (other != null && !other.isEmpty() && !other.equals(user)) {
                return failure(user); // nobody speaks for somebody else
            }
            return new SaslStep.Success(
                    new byte[0], user, claims.getExpirationTime().getValueInMillis());
        } catch (InvalidJwtException e) {
            // The details name claims; the token itself stays out of the log.
            LOG.info(
                    "A token was refused: {}",
                    e.getErrorDetails().stream().map(detail -> detail.getErrorMessage()).toList());
            return failure("");
        } catch (MalformedClaimException e) {
            return failure("");
        }
    }

    private static SaslStep failure(String user) {
        return new SaslStep.Failure("Authentication failed: the token is not accepted", user);
    }
}
