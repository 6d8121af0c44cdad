package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of an {@link AlterUserScramCredentialsRequest}, user by user. */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record AlterUserScramCredentialsResponse(
        int throttleTimeMs, List<AlterUserScramCredentialsResult> results)
        implements ResponseMessage {
    /** One user's outcome. */
    public record AlterUserScramCredentialsResult(
            String user, short errorCode, @Nullable String errorMessage) {}
}
