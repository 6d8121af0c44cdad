package io.leat.broker.quota;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.storage.api.StorageException;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.AlterClientQuotasRequest;
import io.leat.wire.message.AlterClientQuotasRequest.EntityData;
import io.leat.wire.message.AlterClientQuotasRequest.EntryData;
import io.leat.wire.message.AlterClientQuotasRequest.OpData;
import io.leat.wire.message.AlterClientQuotasResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/** Sets and removes quotas, each entity by itself (KIP-546). */
final class AlterClientQuotasHandler
        implements ApiHandler<AlterClientQuotasRequest, AlterClientQuotasResponse> {
    private final Quotas quotas;
    private final Executor blocking;

    AlterClientQuotasHandler(Quotas quotas, Executor blocking) {
        this.quotas = quotas;
        this.blocking = blocking;
    }

    /** What is wrong with an entry. */
    private static final class Flaw extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Flaw(String message) {
            super(message, null, false, false);
        }
    }

    @Override
    public CompletionStage<AlterClientQuotasResponse> handle(
            RequestContext context, AlterClientQuotasRequest request) {
        return CompletableFuture.supplyAsync(() -> alter(request), blocking);
    }

    private AlterClientQuotasResponse alter(AlterClientQuotasRequest request) {
        Set<List<EntityData>> repeated = new HashSet<>();
        Set<List<EntityData>> seen = new HashSet<>();
        for (EntryData entry : request.entries()) {
            if (!seen.add(entry.entity())) {
                repeated.add(entry.entity());
            }
        }
        List<AlterClientQuotasResponse.EntryData> outcomes = new ArrayList<>();
        for (EntryData entry : request.entries()) {
            ErrorCode error = ErrorCode.NONE;
            String message = null;
            try {
                if (repeated.contains(entry.entity())) {
                    throw new Flaw("An entity may be named only once in a request");
                }
                alter(entry, request.validateOnly());
            } catch (Flaw e) {
                error = ErrorCode.INVALID_REQUEST;
                message = e.getMessage();
            } catch (StorageException e) {
                error = ErrorCode.KAFKA_STORAGE_ERROR;
                message = e.getMessage();
            }
            outcomes.add(
                    new AlterClientQuotasResponse.EntryData(
                            error.code(), message, shown(entry.entity())));
        }
        return new AlterClientQuotasResponse(0, outcomes);
    }

    private void alter(EntryData entry, boolean validateOnly) {
        QuotaEntity entity = entity(entry.entity());
        boolean ofAddress = entity.parts().containsKey(EntityType.IP);
        Map<QuotaKind, Optional<Double>> changes = new EnumMap<>(QuotaKind.class);
        for (OpData op : entry.ops()) {
            QuotaKind kind =
                    QuotaKind.of(op.key())
                            .filter(known -> known.ofAddress() == ofAddress)
                            .orElseThrow(() -> new Flaw(unknownKey(op.key(), ofAddress)));
            if (!op.remove()) {
                kind.flaw(op.value())
                        .ifPresent(flaw -> {
                            throw new Flaw(flaw);
                        });
            }
            Optional<Double> value = op.remove() ? Optional.empty() : Optional.of(op.value());
            if (changes.put(kind, value) != null) {
                throw new Flaw("The quota " + op.key() + " is named more than once");
            }
        }
        if (!validateOnly) {
            quotas.change(
                    entity,
                    before -> {
                        Map<QuotaKind, Double> after = new EnumMap<>(QuotaKind.class);
                        after.putAll(before);
                        changes.forEach((kind, value) ->
                                value.ifPresentOrElse(
                                        number -> after.put(kind, number),
                                        () -> after.remove(kind)));
                        return after;
                    });
        }
    }

    private static QuotaEntity entity(List<EntityData> parts) {
        Map<EntityType, Optional<String>> named = new EnumMap<>(EntityType.class);
        for (EntityData part : parts) {
            EntityType type =
                    EntityType.of(part.entityType())
                            .orElseThrow(() ->
                                    new Flaw(
                                            "There is no entity type '" + part.entityType() + "'"));
            Optional<String> name = Optional.ofNullable(part.entityName());
            if (named.put(type, name) != null) {
                throw new Flaw("The entity type " + type.key() + " is named more than once");
            }
        }
        if (named.isEmpty()) {
            throw new Flaw("An entity needs a user, a client id or an address");
        }
        if (named.containsKey(EntityType.IP)) {
            if (named.size() > 1) {
                throw new Flaw("An address has its quota alone, not with a user or client id");
            }
            named.get(EntityType.IP)
                    .filter(address -> !Addresses.isLiteral(address))
                    .ifPresent(address -> {
                        throw new Flaw("'" + address + "' is no IP address");
                    });
        }
        return QuotaEntity.of(named);
    }

    private static String unknownKey(String key, boolean ofAddress) {
        String known =
                Arrays.stream(QuotaKind.values())
                        .filter(kind -> kind.ofAddress() == ofAddress)
                        .map(QuotaKind::key)
                        .collect(Collectors.joining(", "));
        return "There is no quota '" + key + "' for this entity, only " + known;
    }

    private static List<AlterClientQuotasResponse.EntityData> shown(List<EntityData> parts) {
        return parts.stream()
                .map(part ->
                        new AlterClientQuotasResponse.EntityData(
                                part.entityType(), part.entityName()))
                .toList();
    }
}
