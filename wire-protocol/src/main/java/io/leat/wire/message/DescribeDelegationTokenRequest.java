package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks for the delegation tokens of owners, or for all. */
@Message(from = 1, to = 3, flexibleFrom = 2)
public record DescribeDelegationTokenRequest(@Nullable List<DescribeDelegationTokenOwner> owners)
        implements RequestMessage {

    /** An owner. */
    public record DescribeDelegationTokenOwner(String principalType, String principalName) {}
}
