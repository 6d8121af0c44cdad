package io.leat.broker.quota;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.DescribeClientQuotasRequest;
import io.leat.wire.message.DescribeClientQuotasRequest.ComponentData;
import io.leat.wire.message.DescribeClientQuotasResponse;
import io.leat.wire.message.DescribeClientQuotasResponse.EntityData;
import io.leat.wire.message.DescribeClientQuotasResponse.EntryData;
import io.leat.wire.message.DescribeClientQuotasResponse.ValueData;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Shows the quotas of the entities that fit a filter (KIP-546). */
final class DescribeClientQuotasHandler
        implements ApiHandler<DescribeClientQuotasRequest, DescribeClientQuotasResponse> {
    private static final byte EXACT = 0;
    private static final byte DEFAULT = 1;
    private static final byte ANY = 2;

    private final Quotas quotas;

    DescribeClientQuotasHandler(Quotas quotas) {
        this.quotas = quotas;
    }

    /** A part of the filter: what a name must be. */
    private record Fits(byte how, String name) {
        boolean test(Optional<String> part) {
            return switch (how) {
                case EXACT -> part.filter(name::equals).isPresent();
                case DEFAULT -> part.isEmpty();
                default -> true;
            };
        }
    }

    @Override
    public CompletionStage<DescribeClientQuotasResponse> handle(
            RequestContext context, DescribeClientQuotasRequest request) {
        return CompletableFuture.completedFuture(describe(request));
    }

    private DescribeClientQuotasResponse describe(DescribeClientQuotasRequest request) {
        Map<EntityType, Fits> filter = new EnumMap<>(EntityType.class);
        for (ComponentData component : request.components()) {
            Optional<EntityType> type = EntityType.of(component.entityType());
            if (type.isEmpty()) {
                return failed(
                        component.entityType().isEmpty()
                                ? ErrorCode.INVALID_REQUEST
                                : ErrorCode.UNSUPPORTED_VERSION,
                        "There is no entity type '" + component.entityType() + "'");
            }
            if (component.matchType() < EXACT || component.matchType() > ANY) {
                return failed(
                        ErrorCode.INVALID_REQUEST,
                        "There is no match type " + component.matchType());
            }
            String match = component.match() == null ? "" : component.match();
            String name = type.get() == EntityType.IP ? Addresses.canonical(match) : match;
            if (filter.put(type.get(), new Fits(component.matchType(), name)) != null) {
                return failed(
                        ErrorCode.INVALID_REQUEST,
                        "The entity type " + type.get().key() + " is named more than once");
            }
        }
        if (filter.containsKey(EntityType.IP) && filter.size() > 1) {
            return failed(
                    ErrorCode.INVALID_REQUEST,
                    "An address has its quota alone, not with a user or client id");
        }
        List<EntryData> entries = new ArrayList<>();
        quotas.table()
                .all()
                .forEach((entity, values) -> {
                    if (fits(entity, filter, request.strict())) {
                        entries.add(new EntryData(shown(entity), shown(values)));
                    }
                });
        return new DescribeClientQuotasResponse(0, ErrorCode.NONE.code(), null, entries);
    }

    private static boolean fits(QuotaEntity entity, Map<EntityType, Fits> filter, boolean strict) {
        return (!strict || entity.parts().size() == filter.size())
                && filter.entrySet().stream()
                        .allMatch(part ->
                                entity.parts().containsKey(part.getKey())
                                        && part.getValue().test(entity.name(part.getKey())));
    }

    private static List<EntityData> shown(QuotaEntity entity) {
        return entity.parts().entrySet().stream()
                .map(part -> new EntityData(part.getKey().key(), part.getValue().orElse(null)))
                .toList();
    }

    private static List<ValueData> shown(Map<QuotaKind, Double> values) {
        return values.entrySet().stream()
                .map(value -> new ValueData(value.getKey().key(), value.getValue()))
                .toList();
    }

    private static DescribeClientQuotasResponse failed(ErrorCode error, String message) {
        return new DescribeClientQuotasResponse(0, error.code(), message, null);
    }
}
