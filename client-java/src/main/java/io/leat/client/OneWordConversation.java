package io.leat.client;

import io.leat.client.network.SaslConversation;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Mechanisms in which the client says all at once: PLAIN (RFC 4616) and OAUTHBEARER (RFC 7628). */
final class OneWordConversation implements SaslConversation {
    private final String mechanism;
    private final String word;
    private final String farewell;

    private OneWordConversation(String mechanism, String word, String farewell) {
        this.mechanism = mechanism;
        this.word = word;
        this.farewell = farewell;
    }

    static OneWordConversation plain(String user, String password) {
        return new OneWordConversation("PLAIN", "\0" + user + "\0" + password, "");
    }

    static OneWordConversation oauthBearer(String token) {
        return new OneWordConversation("OAUTHBEARER", "n,,\1auth=Bearer " + token + "\1\1", "\1");
    }

    @Override
    public String mechanism() {
        return mechanism;
    }

    @Override
    public byte[] begin() {
        return word.getBytes(StandardCharsets.UTF_8);
    }

    /** An answer with words is a complaint; with OAUTHBEARER, the client lets it end there. */
    @Override
    public Optional<byte[]> answer(byte[] said) throws BrokenException {
        if (said.length == 0) {
            return Optional.empty();
        }
        if (farewell.isEmpty()) {
            throw new BrokenException("it wants to know more than " + mechanism + " has");
        }
        return Optional.of(farewell.getBytes(StandardCharsets.UTF_8));
    }
}
