package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The users of a {@link DescribeUserScramCredentialsRequest}. */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record DescribeUserScramCredentialsResponse(
        int throttleTimeMs,
        short errorCode,
        @Nullable String errorMessage,
        List<DescribeUserScramCredentialsResult> results)
        implements ResponseMessage {
    /** One user's credentials, or an error. */
    public record DescribeUserScramCredentialsResult(
            String user,
            short errorCode,
            @Nullable String errorMessage,
            List<CredentialInfo> credentialInfos) {}

    /** A mechanism, and how often its hash is repeated. */
    public record CredentialInfo(byte mechanism, int iterations) {}
}
