package io.leat.client;

import io.leat.wire.message.AlterClientQuotasRequest;
import io.leat.wire.message.DescribeClientQuotasRequest;
import io.leat.wire.message.DescribeClientQuotasResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Quotas of clients (KIP-546). On the loop. */
final class QuotaAdmin {
    private final Cluster cluster;

    QuotaAdmin(Cluster cluster) {
        this.cluster = cluster;
    }

    CompletableFuture<List<QuotaListing>> list(Deadline deadline) {
        String what = "list quotas";
        DescribeClientQuotasRequest request = new DescribeClientQuotasRequest(List.of(), false);
        return Retry.until(
                cluster,
                deadline,
                what,
                () ->
                        cluster.askAny(Apis.DESCRIBE_CLIENT_QUOTAS, request)
                                .thenApply(answer -> {
                                    BrokerException.check(
                                            answer.errorCode(), what, answer.errorMessage());
                                    return listings(answer);
                                }));
    }

    private static List<QuotaListing> listings(DescribeClientQuotasResponse answer) {
        List<QuotaListing> listings = new ArrayList<>();
        var entries = answer.entries();
        if (entries != null) {
            for (var entry : entries) {
                Map<QuotaEntity.Type, Optional<String>> parts =
                        new EnumMap<>(QuotaEntity.Type.class);
                entry.entity()
                        .forEach(part ->
                                QuotaEntity.Type.of(part.entityType())
                                        .ifPresent(type ->
                                                parts.put(
                                                        type,
                                                        Optional.ofNullable(part.entityName()))));
                Map<String, Double> values = new HashMap<>();
                entry.values().forEach(value -> values.put(value.key(), value.value()));
                if (parts.size() == entry.entity().size() && !parts.isEmpty()) {
                    listings.add(QuotaListing.of(QuotaEntity.of(parts), values));
                }
            }
        }
        listings.sort(Comparator.comparing(listing -> listing.entity().toString()));
        return listings;
    }

    CompletableFuture<Void> alter(
            QuotaEntity entity, Map<String, Optional<Double>> changes, Deadline deadline) {
        String what = "change the quotas of " + entity;
        List<AlterClientQuotasRequest.EntityData> parts = new ArrayList<>();
        entity.parts()
                .forEach((type, name) ->
                        parts.add(
                                new AlterClientQuotasRequest.EntityData(
                                        type.wire(), name.orElse(null))));
        List<AlterClientQuotasRequest.OpData> ops = new ArrayList<>();
        changes.forEach((key, value) ->
                ops.add(
                        new AlterClientQuotasRequest.OpData(
                                key, value.orElse(0.0), value.isEmpty())));
        AlterClientQuotasRequest request =
                new AlterClientQuotasRequest(
                        List.of(new AlterClientQuotasRequest.EntryData(parts, ops)), false);
        return Retry.until(
                cluster,
                deadline,
                what,
                () ->
                        cluster.askController(Apis.ALTER_CLIENT_QUOTAS, request)
                                .thenAccept(answer ->
                                        answer.entries()
                                                .forEach(entry ->
                                                        BrokerException.check(
                                                                entry.errorCode(),
                                                                what,
                                                                entry.errorMessage()))));
    }
}
