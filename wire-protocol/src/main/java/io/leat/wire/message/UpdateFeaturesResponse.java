package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Until;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether features changed. */
@Message(from = 0, to = 2, flexibleFrom = 0)
public record UpdateFeaturesResponse(
        int throttleTimeMs,
        short errorCode,
        @Nullable String errorMessage,
        @Until(1) @Ignorable List<UpdatableFeatureResult> results)
        implements ResponseMessage {

    /** One feature's outcome. */
    public record UpdatableFeatureResult(
            String feature, short errorCode, @Nullable String errorMessage) {}
}
