package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.nio.ByteBuffer;
import java.util.List;

/** Makes and removes SCRAM credentials (KIP-554). */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record AlterUserScramCredentialsRequest(
        List<ScramCredentialDeletion> deletions, List<ScramCredentialUpsertion> upsertions)
        implements RequestMessage {
    /** A credential that goes. */
    public record ScramCredentialDeletion(String name, byte mechanism) {}

    /** A credential that is made or replaced. The password itself never comes here. */
    public record ScramCredentialUpsertion(
            String name,
            byte mechanism,
            int iterations,
            ByteBuffer salt,
            ByteBuffer saltedPassword) {
        /** Without what a password could be guessed by. */
        @Override
        public String toString() {
            return "ScramCredentialUpsertion[name=%s, mechanism=%d]".formatted(name, mechanism);
        }
    }
}
