package io.leat.broker.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.api.Contexts;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.coordinator.MemoryStateStore;
import io.leat.broker.coordinator.StateOutput;
import io.leat.storage.api.StateStore.Write;
import io.leat.wire.message.DescribeClientQuotasRequest;
import io.leat.wire.message.DescribeClientQuotasRequest.ComponentData;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How fast addresses may connect. */
class ConnectionQuotaTest {
    private static final QuotaKind KIND = QuotaKind.CONNECTION_CREATION_RATE;
    private static final InetAddress HOME = InetAddress.ofLiteral("::1");

    private final MemoryStateStore store = new MemoryStateStore();

    private Quotas quotas() {
        return new Quotas(BrokerConfig.defaults(), store);
    }

    private static QuotaEntity entity(String address) {
        return QuotaEntity.ofAddress(Optional.of(address));
    }

    /** The longest that one of many connections has to wait. */
    private static long penaltyMax(Quotas quotas, InetAddress address) {
        long most = 0;
        for (int i = 0; i < 1_000; i++) {
            most = Math.max(most, quotas.connected(address));
        }
        return most;
    }

    @Test
    void whoComesTooOftenWaitsForNoLongerThanAWindow() {
        Quotas quotas = quotas();
        quotas.change(entity("192.0.2.1"), before -> Map.of(KIND, 1.0));
        long penalty = penaltyMax(quotas, InetAddress.ofLiteral("192.0.2.1"));
        assertTrue(penalty > 0 && penalty <= 1_000, () -> "penalty " + penalty);
        assertEquals(0, penaltyMax(quotas, InetAddress.ofLiteral("192.0.2.2")));
    }

    @Test
    void addressesAreKnownHoweverTheyAreSpelt() {
        Quotas quotas = quotas();
        quotas.change(entity("::1"), before -> Map.of(KIND, 1.0));
        assertTrue(penaltyMax(quotas, HOME) > 0);
        assertEquals(1, described(quotas, "0::1"));
        quotas.change(entity("0:0::1"), before -> Map.of());
        assertEquals(0, penaltyMax(quotas, HOME));
        assertEquals(0, store.size());
    }

    private static int described(Quotas quotas, String address) {
        ComponentData component = new ComponentData("ip", (byte) 0, address);
        return new DescribeClientQuotasHandler(quotas)
                .handle(Contexts.of(1), new DescribeClientQuotasRequest(List.of(component), true))
                .toCompletableFuture()
                .join()
                .entries()
                .size();
    }

    @Test
    void addressesThatWereKeptAsTheyWereTypedAreKeptAnew() {
        Quotas before = quotas();
        before.change(entity("::1"), none -> Map.of(KIND, 1.0));
        byte[] key = key("0:0:0:0:0:0:0:1");
        store.write(
                List.of(
                        new Write.Put(key("::1"), store.get(key).orElseThrow()),
                        new Write.Delete(key)),
                true);
        Quotas after = quotas();
        assertTrue(penaltyMax(after, HOME) > 0);
        after.change(entity("::1"), own -> Map.of());
        assertEquals(0, store.size());
    }

    private static byte[] key(String address) {
        return new StateOutput()
                .raw("quota/".getBytes(StandardCharsets.US_ASCII))
                .string("ip")
                .string(Optional.of(address))
                .toBytes();
    }
}
