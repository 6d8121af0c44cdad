package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.client.network.SaslConversation.BrokenException;
import io.leat.wire.sasl.ScramMechanism;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The example of RFC 7677, section 3, and brokers that do not keep to it. */
final class ScramConversationTest {
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String CHALLENGE =
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    private static ScramConversation conversation() {
        return new ScramConversation(ScramMechanism.SCRAM_SHA_256, "user", "pencil", NONCE);
    }

    private static Optional<String> answer(ScramConversation conversation, String said)
            throws BrokenException {
        return conversation
                .answer(said.getBytes(StandardCharsets.UTF_8))
                .map(each -> new String(each, StandardCharsets.UTF_8));
    }

    @Test
    void speaksAsTheExampleDoes() throws BrokenException {
        ScramConversation conversation = conversation();
        assertEquals(
                "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
                new String(conversation.begin(), StandardCharsets.UTF_8));
        assertEquals(
                Optional.of(
                        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                                + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="),
                answer(conversation, CHALLENGE));
        assertEquals(
                Optional.empty(),
                answer(conversation, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
    }

    @Test
    void believesNobodyWhoDoesNotKnowThePassword() throws BrokenException {
        ScramConversation conversation = conversation();
        assertTrue(answer(conversation, CHALLENGE).isPresent());
        assertThrows(
                BrokenException.class,
                () -> answer(conversation, "v=AAriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
    }

    @Test
    void endsWhatIsNotTheProtocol() {
        for (String challenge :
                new String[] {
                    "r=anotherNonce,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                    "r=" + NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                    "r=" + NONCE + "x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1",
                    "r=" + NONCE + "x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000",
                    "r=" + NONCE + "x,s=*,i=4096",
                    "r=" + NONCE + "x,i=4096",
                    "e=unknown-user",
                    ""
                }) {
            assertThrows(BrokenException.class, () -> answer(conversation(), challenge), challenge);
        }
    }

    @Test
    void quotesNames() {
        assertEquals(
                "n,,n=a=3Db=2Cc,r=" + NONCE,
                new String(
                        new ScramConversation(
                                        ScramMechanism.SCRAM_SHA_512, "a=b,c", "secret", NONCE)
                                .begin(),
                        StandardCharsets.UTF_8));
    }

    @Test
    void secretsAreNotPrinted() {
        assertEquals(-1, SaslOptions.plain("u", "hush").toString().indexOf("hush"));
        assertEquals(-1, SaslOptions.scramSha256("u", "hush").toString().indexOf("hush"));
    }
}
