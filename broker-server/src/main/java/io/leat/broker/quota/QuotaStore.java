package io.leat.broker.quota;

import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Quotas in the state store.
 *
 * <pre>
 * key    "quota/" { type(string) name(optional string) }     by type, in EntityType's order
 * value  version(1)=1 count(4) { kind(string) value(8, bits of a double) }
 * </pre>
 */
final class QuotaStore {
    private static final byte[] PREFIX = "quota/".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;

    private final StateStore state;

    QuotaStore(StateStore state) {
        this.state = state;
    }

    Map<QuotaEntity, Map<QuotaKind, Double>> load() {
        Map<QuotaEntity, Map<QuotaKind, Double>> quotas = new HashMap<>();
        List<byte[]> typed = new ArrayList<>();
        state.scan(
                PREFIX,
                (key, value) -> {
                    QuotaEntity entity = entity(key);
                    quotas.put(entity, values(value));
                    if (!Arrays.equals(key, key(entity))) {
                        typed.add(key);
                    }
                });
        // Addresses were once kept as they had been typed, where no later change would find them.
        for (byte[] key : typed) {
            QuotaEntity entity = entity(key);
            save(entity, quotas.getOrDefault(entity, Map.of()));
            state.write(List.of(new Write.Delete(key)), true);
        }
        return quotas;
    }

    void save(QuotaEntity entity, Map<QuotaKind, Double> values) {
        byte[] key = key(entity);
        state.write(
                List.of(
                        values.isEmpty()
                                ? new Write.Delete(key)
                                : new Write.Put(key, value(values))),
                true);
    }

    private static byte[] key(QuotaEntity entity) {
        StateOutput out = new StateOutput().raw(PREFIX);
        entity.parts().forEach((type, name) -> out.string(type.key()).string(name));
        return out.toBytes();
    }

    private static byte[] value(Map<QuotaKind, Double> values) {
        StateOutput out = new StateOutput().int8(VERSION).int32(values.size());
        values.forEach(
                (kind, value) -> out.string(kind.key()).int64(Double.doubleToRawLongBits(value)));
        return out.toBytes();
    }

    private static QuotaEntity entity(byte[] key) {
        StateInput in = new StateInput("A quota's key", key);
        in.skip(PREFIX.length);
        Map<EntityType, Optional<String>> parts = new TreeMap<>();
        while (in.hasMore()) {
            EntityType type = EntityType.of(in.string()).orElseThrow(in::damaged);
            parts.put(type, in.optionalString());
        }
        return QuotaEntity.of(parts);
    }

    private static Map<QuotaKind, Double> values(byte[] value) {
        StateInput in = new StateInput("A quota", value);
        in.version(VERSION);
        Map<QuotaKind, Double> values = new EnumMap<>(QuotaKind.class);
        for (int left = in.count(); left > 0; left--) {
            QuotaKind kind = QuotaKind.of(in.string()).orElseThrow(in::damaged);
            values.put(kind, Double.longBitsToDouble(in.int64()));
        }
        in.end();
        return values;
    }
}
