package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Tagged;
import java.util.List;

/** The APIs a broker serves, each with its versions, and its features. */
@Message(from = 0, to = 5, flexibleFrom = 3)
public record ApiVersionsResponse(
        short errorCode,
        List<ApiVersion> apiKeys,
        @Since(1) @Ignorable int throttleTimeMs,
        @Since(3) @Tagged(0) @Ignorable List<SupportedFeatureKey> supportedFeatures,
        @Since(3) @Tagged(1) @Default("-1") @Ignorable long finalizedFeaturesEpoch,
        @Since(3) @Tagged(2) @Ignorable List<FinalizedFeatureKey> finalizedFeatures,
        @Since(3) @Tagged(3) @Ignorable boolean zkMigrationReady)
        implements ResponseMessage {

    /** One API and the versions it is served in. */
    public record ApiVersion(short apiKey, short minVersion, short maxVersion) {}

    /** A feature the broker can do, with its range of levels. */
    public record SupportedFeatureKey(String name, short minVersion, short maxVersion) {}

    /** A feature the cluster has settled on, with its range of levels. */
    public record FinalizedFeatureKey(String name, short maxVersionLevel, short minVersionLevel) {}
}
