package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Until;
import java.util.List;

/** Asks for other levels of features (KIP-584). */
@Message(from = 0, to = 2, flexibleFrom = 0)
public record UpdateFeaturesRequest(
        @Default("60000") int timeoutMs,
        List<FeatureUpdateKey> featureUpdates,
        @Since(1) boolean validateOnly)
        implements RequestMessage {

    /** A feature and its new level; 0 takes it out of use. */
    public record FeatureUpdateKey(
            String feature,
            short maxVersionLevel,
            @Until(0) boolean allowDowngrade,
            @Since(1) @Default("1") byte upgradeType) {}
}
