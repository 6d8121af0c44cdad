package io.leat.broker.cluster;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.Feature;
import io.leat.broker.api.RequestContext;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.UpdateFeaturesRequest;
import io.leat.wire.message.UpdateFeaturesRequest.FeatureUpdateKey;
import io.leat.wire.message.UpdateFeaturesResponse;
import io.leat.wire.message.UpdateFeaturesResponse.UpdatableFeatureResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Updates the levels of features (KIP-584): the levels are those of the running release, so what is
 * so already is granted, and everything else refused. All or nothing.
 */
final class UpdateFeaturesHandler
        implements ApiHandler<UpdateFeaturesRequest, UpdateFeaturesResponse> {
    /** The first version in which the whole request has one outcome. */
    private static final int ONE_OUTCOME_SINCE = 2;

    @Override
    public CompletionStage<UpdateFeaturesResponse> handle(
            RequestContext context, UpdateFeaturesRequest request) {
        return CompletableFuture.completedFuture(update(context, request));
    }

    private static UpdateFeaturesResponse update(
            RequestContext context, UpdateFeaturesRequest request) {
        for (FeatureUpdateKey update : request.featureUpdates()) {
            Optional<String> flaw = flaw(update);
            if (flaw.isPresent()) {
                return new UpdateFeaturesResponse(
                        0,
                        ErrorCode.INVALID_UPDATE_VERSION.code(),
                        "Invalid update version %d for feature %s: %s"
                                .formatted(update.maxVersionLevel(), update.feature(), flaw.get()),
                        List.of());
            }
        }
        List<UpdatableFeatureResult> results =
                context.apiVersion() >= ONE_OUTCOME_SINCE
                        ? List.of()
                        : request.featureUpdates().stream()
                                .map(update ->
                                        new UpdatableFeatureResult(
                                                update.feature(), ErrorCode.NONE.code(), null))
                                .toList();
        return new UpdateFeaturesResponse(0, ErrorCode.NONE.code(), null, results);
    }

    private static Optional<String> flaw(FeatureUpdateKey update) {
        Optional<Feature> feature =
                Feature.ALL.stream().filter(f -> f.name().equals(update.feature())).findFirst();
        if (feature.isEmpty()) {
            return update.maxVersionLevel() == 0
                    ? Optional.empty()
                    : Optional.of("the broker does not know this feature");
        }
        short level = feature.get().level();
        return update.maxVersionLevel() == level
                ? Optional.empty()
                : Optional.of("it is always at level " + level);
    }
}
