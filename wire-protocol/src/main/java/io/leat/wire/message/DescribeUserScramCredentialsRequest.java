package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks which SCRAM credentials users have; no users means all (KIP-554). */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record DescribeUserScramCredentialsRequest(@Nullable List<UserName> users)
        implements RequestMessage {
    /** A user. */
    public record UserName(String name) {}
}
