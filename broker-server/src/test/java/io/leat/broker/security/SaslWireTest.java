package io.leat.broker.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.embedded.EmbeddedBroker;
import io.leat.broker.network.RawClient;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.MetadataRequest;
import io.leat.wire.message.MetadataResponse;
import io.leat.wire.message.SaslAuthenticateRequest;
import io.leat.wire.message.SaslAuthenticateResponse;
import io.leat.wire.message.SaslHandshakeRequest;
import io.leat.wire.message.SaslHandshakeResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SASL spoken by hand, well and badly. */
class SaslWireTest {
    @TempDir static Path folder;
    private static EmbeddedBroker broker;
    private static RsaJsonWebKey key;

    @BeforeAll
    static void start() throws Exception {
        key = RsaJwkGenerator.generateJwk(2048);
        key.setKeyId("k1");
        Path keys =
                Files.writeString(
                        folder.resolve("keys.json"),
                        "{\"keys\":[" + key.toJson(OutputControlLevel.PUBLIC_ONLY) + "]}");
        broker =
                EmbeddedBroker.start(
                        Map.of(
                                "listeners",
                                "SASL_PLAINTEXT://127.0.0.1:0",
                                "sasl.enabled.mechanisms",
                                "PLAIN,SCRAM-SHA-256,OAUTHBEARER",
                                "sasl.oauthbearer.jwks.endpoint.url",
                                keys.toUri().toString(),
                                "sasl.oauthbearer.expected.audience",
                                "leat",
                                "sasl.oauthbearer.expected.issuer",
                                "the-issuer",
                                "sasl.oauthbearer.clock.skew.seconds",
                                "0",
                                "super.users",
                                "User:admin",
                                "leat.bootstrap.users",
                                "admin:admin-secret",
                                "connection.failed.authentication.delay.ms",
                                "0"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static RawClient connect() throws IOException {
        return new RawClient(broker.broker().address());
    }

    private static short handshake(RawClient client, String mechanism) throws IOException {
        client.send(
                ApiKey.SASL_HANDSHAKE,
                1,
                1,
                SaslHandshakeRequest.class,
                new SaslHandshakeRequest(mechanism));
        return client.receive(ApiKey.SASL_HANDSHAKE, 1, 1, SaslHandshakeResponse.class).errorCode();
    }

    private static SaslAuthenticateResponse say(RawClient client, String message)
            throws IOException {
        client.send(
                ApiKey.SASL_AUTHENTICATE,
                2,
                2,
                SaslAuthenticateRequest.class,
                new SaslAuthenticateRequest(
                        ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8))));
        return client.receive(ApiKey.SASL_AUTHENTICATE, 2, 2, SaslAuthenticateResponse.class);
    }

    private static void askForMetadata(RawClient client) throws IOException {
        client.send(
                ApiKey.METADATA,
                12,
                3,
                MetadataRequest.class,
                new MetadataRequest(List.of(), false, false, false));
        client.receive(ApiKey.METADATA, 12, 3, MetadataResponse.class);
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    @Test
    void nothingIsServedBeforeAuthentication() throws Exception {
        try (RawClient client = connect()) {
            assertThrows(IOException.class, () -> askForMetadata(client));
        }
        try (RawClient client = connect()) {
            assertEquals(ErrorCode.NONE.code(), handshake(client, "PLAIN"));
            assertThrows(IOException.class, () -> askForMetadata(client));
        }
    }

    @Test
    void messagesOutOfPlaceEndTheConnection() throws Exception {
        try (RawClient client = connect()) {
            assertEquals(
                    ErrorCode.ILLEGAL_SASL_STATE.code(),
                    say(client, "\0admin\0admin-secret").errorCode());
            assertThrows(IOException.class, () -> handshake(client, "PLAIN"));
        }
    }

    @Test
    void aConnectionKeepsItsMechanismAndItsUser() throws Exception {
        try (RawClient client = connect()) {
            handshake(client, "SCRAM-SHA-256");
            assertEquals(ErrorCode.NONE.code(), scram(client, "admin-secret", "").errorCode());
            askForMetadata(client);
            assertEquals(ErrorCode.ILLEGAL_SASL_STATE.code(), handshake(client, "PLAIN"));
            assertThrows(IOException.class, () -> askForMetadata(client));
        }
    }

    @Test
    void oldClientsSendTheirMessagesBare() throws Exception {
        try (RawClient client = connect()) {
            client.send(
                    ApiKey.SASL_HANDSHAKE,
                    0,
                    1,
                    SaslHandshakeRequest.class,
                    new SaslHandshakeRequest("PLAIN"));
            client.receive(ApiKey.SASL_HANDSHAKE, 0, 1, SaslHandshakeResponse.class);
            client.sendFrame(
                    ByteBuffer.wrap("\0admin\0admin-secret".getBytes(StandardCharsets.UTF_8)));
            assertEquals(0, client.receive().remaining());
            askForMetadata(client);
        }
    }

    /** Answers a challenge; {@code replayed} is sent in place of the proof where it is given. */
    private static SaslAuthenticateResponse scram(
            RawClient client, String password, String replayed) throws Exception {
        String bare = "n=admin,r=clientnonce";
        String challenge = text(say(client, "n,," + bare).authBytes());
        if (!replayed.isEmpty()) {
            return say(client, replayed);
        }
        return say(client, proof(bare, challenge, password));
    }

    private static String proof(String bare, String challenge, String password) throws Exception {
        return proof(bare, challenge, challenge.split(",", -1)[0], password);
    }

    private static String proof(String bare, String challenge, String nonce, String password)
            throws Exception {
        String[] parts = challenge.split(",", -1);
        byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
        int iterations = Integer.parseInt(parts[2].substring(2));
        byte[] salted =
                SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                        .generateSecret(
                                new PBEKeySpec(password.toCharArray(), salt, iterations, 256))
                        .getEncoded();
        byte[] clientKey = hmac(salted, "Client Key");
        byte[] storedKey = java.security.MessageDigest.getInstance("SHA-256").digest(clientKey);
        String unsigned = "c=biws," + nonce;
        byte[] signature = hmac(storedKey, bare + "," + challenge + "," + unsigned);
        for (int index = 0; index < signature.length; index++) {
            signature[index] ^= clientKey[index];
        }
        return unsigned + ",p=" + Base64.getEncoder().encodeToString(signature);
    }

    private static byte[] hmac(byte[] with, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(with, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aReplayedProofIsRefused() throws Exception {
        String bare = "n=admin,r=clientnonce";
        String good;
        try (RawClient client = connect()) {
            handshake(client, "SCRAM-SHA-256");
            good = proof(bare, text(say(client, "n,," + bare).authBytes()), "admin-secret");
            assertEquals(ErrorCode.NONE.code(), say(client, good).errorCode());
        }
        try (RawClient client = connect()) {
            handshake(client, "SCRAM-SHA-256");
            SaslAuthenticateResponse answer = scram(client, "admin-secret", good);
            assertEquals(ErrorCode.SASL_AUTHENTICATION_FAILED.code(), answer.errorCode());
            assertThrows(IOException.class, () -> askForMetadata(client));
        }
    }

    /** librdkafka before 2.6.1 says its part of the nonce twice; nothing else passes. */
    @Test
    void theNonceIsThatOfTheExchange() throws Exception {
        assertEquals(ErrorCode.NONE.code(), withNonceAfter("clientnonce"));
        for (String wrong : List.of("clientnonc", "x", "clientnonceclientnonce")) {
            assertEquals(ErrorCode.SASL_AUTHENTICATION_FAILED.code(), withNonceAfter(wrong), wrong);
        }
    }

    private static short withNonceAfter(String prefix) throws Exception {
        String bare = "n=admin,r=clientnonce";
        try (RawClient client = connect()) {
            handshake(client, "SCRAM-SHA-256");
            String challenge = text(say(client, "n,," + bare).authBytes());
            String nonce = "r=" + prefix + challenge.split(",", -1)[0].substring(2);
            return say(client, proof(bare, challenge, nonce, "admin-secret")).errorCode();
        }
    }

    @Test
    void aUserThatIsNotThereLooksLikeAnyOther() throws Exception {
        String[] challenges = new String[2];
        for (int turn = 0; turn < 2; turn++) {
            try (RawClient client = connect()) {
                handshake(client, "SCRAM-SHA-256");
                String challenge = text(say(client, "n,,n=ghost,r=abc").authBytes());
                challenges[turn] = challenge.substring(challenge.indexOf(",s="));
                assertTrue(challenge.matches("r=abc[^,]{20,},s=[^,]+,i=4096"), challenge);
            }
        }
        assertEquals(challenges[0], challenges[1], "the same salt each time");
    }

    private static String token(String user, String audience, String issuer, int seconds)
            throws Exception {
        JwtClaims claims = new JwtClaims();
        claims.setSubject(user);
        claims.setAudience(audience);
        claims.setIssuer(issuer);
        NumericDate end = NumericDate.now();
        end.addSeconds(seconds);
        claims.setExpirationTime(end);
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setKey(key.getPrivateKey());
        signature.setKeyIdHeaderValue("k1");
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
        return signature.getCompactSerialization();
    }

    private static SaslAuthenticateResponse bring(String token) throws Exception {
        try (RawClient client = connect()) {
            handshake(client, "OAUTHBEARER");
            return say(client, "n,,\u0001auth=Bearer " + token + "\u0001\u0001");
        }
    }

    @Test
    void pairsWithoutEndAreNoWayToHarmTheBroker() throws Exception {
        String pairs = "a\u0001".repeat(49_000);
        for (String message :
                List.of(
                        "n,,\u0001" + pairs,
                        "n,,\u0001auth=Bearer x\u0001" + pairs,
                        "n,,\u0001" + pairs + "auth=Bearer x\u0001\u0001")) {
            try (RawClient client = connect()) {
                handshake(client, "OAUTHBEARER");
                assertEquals(
                        ErrorCode.SASL_AUTHENTICATION_FAILED.code(),
                        say(client, message).errorCode());
            }
        }
    }

    @Test
    void otherPairsAreAllowed() throws Exception {
        String token = token("admin", "leat", "the-issuer", 100);
        try (RawClient client = connect()) {
            handshake(client, "OAUTHBEARER");
            String message =
                    "n,a=admin,\u0001host=here\u0001auth=Bearer " + token + "\u0001x=y\u0001\u0001";
            assertEquals(ErrorCode.NONE.code(), say(client, message).errorCode());
        }
    }

    @Test
    void tokensAreChecked() throws Exception {
        SaslAuthenticateResponse good = bring(token("admin", "leat", "the-issuer", 100));
        assertEquals(ErrorCode.NONE.code(), good.errorCode());
        assertTrue(good.sessionLifetimeMs() > 90_000 && good.sessionLifetimeMs() <= 100_000);
        String header =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        String valid = token("admin", "leat", "the-issuer", 100);
        for (String bad :
                List.of(
                        token("admin", "leat", "the-issuer", -1),
                        token("admin", "elsewhere", "the-issuer", 100),
                        token("admin", "leat", "somebody", 100),
                        header + valid.substring(valid.indexOf('.'), valid.lastIndexOf('.') + 1),
                        valid.substring(0, valid.length() - 8) + "AAAAAAAA",
                        "x")) {
            SaslAuthenticateResponse answer = bring(bad);
            assertEquals(ErrorCode.SASL_AUTHENTICATION_FAILED.code(), answer.errorCode(), bad);
            assertEquals("Authentication failed: the token is not accepted", answer.errorMessage());
        }
    }
}
