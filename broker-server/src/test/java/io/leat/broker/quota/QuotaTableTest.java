package io.leat.broker.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuotaTableTest {
    private static final QuotaKind KIND = QuotaKind.PRODUCER_BYTE_RATE;
    private static final Optional<String> ALICE = Optional.of("alice");
    private static final Optional<String> APP = Optional.of("app");
    private static final Optional<String> ANY = Optional.empty();

    /** The strongest first, with who shares it. */
    private static final List<List<QuotaEntity>> ORDER =
            List.of(
                    List.of(QuotaEntity.ofBoth(ALICE, APP), QuotaEntity.ofBoth(ALICE, APP)),
                    List.of(QuotaEntity.ofBoth(ALICE, ANY), QuotaEntity.ofBoth(ALICE, APP)),
                    List.of(QuotaEntity.ofUser(ALICE), QuotaEntity.ofUser(ALICE)),
                    List.of(QuotaEntity.ofBoth(ANY, APP), QuotaEntity.ofBoth(ALICE, APP)),
                    List.of(QuotaEntity.ofBoth(ANY, ANY), QuotaEntity.ofBoth(ALICE, APP)),
                    List.of(QuotaEntity.ofUser(ANY), QuotaEntity.ofUser(ALICE)),
                    List.of(QuotaEntity.ofClient(APP), QuotaEntity.ofClient(APP)),
                    List.of(QuotaEntity.ofClient(ANY), QuotaEntity.ofClient(APP)));

    @Test
    void theFirstThatFitsHolds() {
        for (int strongest = 0; strongest < ORDER.size(); strongest++) {
            Map<QuotaEntity, Map<QuotaKind, Double>> quotas = new HashMap<>();
            for (int i = strongest; i < ORDER.size(); i++) {
                quotas.put(ORDER.get(i).getFirst(), Map.of(KIND, (double) i));
            }
            QuotaTable.Limit limit = new QuotaTable(quotas).of(KIND, "alice", "app").orElseThrow();
            assertEquals(strongest, limit.value());
            assertEquals(ORDER.get(strongest).getLast(), limit.sharedBy());
        }
    }

    @Test
    void aQuotaOfAnotherKindOrClientDoesNotHold() {
        QuotaTable table =
                new QuotaTable(
                        Map.of(
                                QuotaEntity.ofUser(ALICE),
                                new EnumMap<>(Map.of(KIND, 1.0)),
                                QuotaEntity.ofClient(APP),
                                new EnumMap<>(Map.of(QuotaKind.REQUEST_PERCENTAGE, 2.0))));
        assertEquals(Optional.empty(), table.of(KIND, "bob", "app"));
        assertEquals(2.0, table.of(QuotaKind.REQUEST_PERCENTAGE, "x", "app").get().value());
        assertTrue(table.has(KIND));
        assertFalse(table.has(QuotaKind.CONSUMER_BYTE_RATE));
    }

    @Test
    void addressesHaveTheirOwnOrTheDefault() {
        QuotaKind kind = QuotaKind.CONNECTION_CREATION_RATE;
        QuotaTable table =
                new QuotaTable(
                        Map.of(
                                QuotaEntity.ofAddress(Optional.of("192.0.2.1")),
                                Map.of(kind, 1.0),
                                QuotaEntity.ofAddress(ANY),
                                Map.of(kind, 9.0)));
        assertEquals(1.0, table.ofAddress(kind, "192.0.2.1").get().value());
        assertEquals(9.0, table.ofAddress(kind, "192.0.2.2").get().value());
        assertEquals(
                QuotaEntity.ofAddress(Optional.of("192.0.2.2")),
                table.ofAddress(kind, "192.0.2.2").get().sharedBy());
    }

    @Test
    void aMeterThrottlesUntilTheRateIsTheQuota() {
        RateMeter meter = new RateMeter(11, 1000);
        assertEquals(0, meter.record(10_000, 1000, 50_000), "ten seconds' worth at once");
        long throttle = meter.record(10_000, 1000, 50_000);
        assertTrue(Math.abs(throttle - 10_000) <= 1, () -> "throttle " + throttle);
        assertEquals(0, meter.record(0, 1000, 50_000 + 11_000), "forgotten after its windows");
        assertTrue(meter.idle(50_000 + 22_000));
    }

    /**
     * Whatever a client does, over a long time it gets no more than its quota and what windows that
     * are forgotten as a whole give away: one in ten.
     */
    @Test
    void whoWaitsAsToldKeepsTheQuota() {
        RateMeter meter = new RateMeter(11, 1000);
        List<Double> sizes = new ArrayList<>(List.of(1.0, 700.0, 12_000.0, 3.0, 5_000.0));
        long now = 7_000_123;
        long start = now;
        double total = 0;
        for (int i = 0; i < 2_000; i++) {
            double size = sizes.get(i % sizes.size());
            total += size;
            now += 1 + meter.record(size, 1000, now);
        }
        double rate = total * 1000 / (now - start);
        assertTrue(rate < 1_150, "rate " + rate);
        assertTrue(rate > 900, "rate " + rate);
    }

    /** Half of those that come twice as often get in, however often they come. */
    @Test
    void whatIsRefusedDoesNotCount() {
        RateMeter meter = new RateMeter(11, 1000);
        int admitted = 0;
        long waitMax = 0;
        for (long passed = 0; passed < 60_000; passed += 50) {
            long wait = meter.admit(1, 10, 7_000_123 + passed);
            admitted += wait == 0 ? 1 : 0;
            waitMax = Math.max(waitMax, wait);
        }
        // Ten seconds' worth at once, and then ten a second.
        assertTrue(admitted >= 600 && admitted <= 710, "admitted " + admitted);
        assertTrue(waitMax > 0 && waitMax <= 1000, "waits " + waitMax);
    }

    @Test
    void aBucketAllowsABurstAndThenTheRate() {
        TokenBucket bucket = new TokenBucket(10);
        assertTrue(bucket.idle(2, 0));
        bucket.take(20, 2, 0);
        assertEquals(0, bucket.debtMillis(2, 0));
        bucket.take(5, 2, 0);
        assertEquals(2_500, bucket.debtMillis(2, 0));
        assertEquals(0, bucket.debtMillis(2, 2_500));
        assertTrue(bucket.idle(2, 100_000));
    }

    @Test
    void addressesAreNumbersAlone() {
        for (String good : List.of("1.2.3.4", "255.255.255.255", "::1", "fe80::1%eth0")) {
            assertTrue(Addresses.isLiteral(good), good);
        }
        for (String bad :
                List.of(
                        "",
                        "1.2.3",
                        "1.2.3.256",
                        "1.2.3.4.",
                        "localhost",
                        "a.b.c.d",
                        "::::",
                        "1::2::3",
                        "[::1]",
                        "1:2")) {
            assertFalse(Addresses.isLiteral(bad), bad);
        }
    }

    @Test
    void anAddressIsTheSameHoweverItIsSpelt() {
        String full = "2001:db8:0:0:0:0:0:1";
        for (String spelt : List.of("2001:db8::1", "2001:DB8:0::0001", "2001:db8::1%eth0", full)) {
            assertEquals(full, Addresses.canonical(spelt));
        }
        assertEquals("192.0.2.1", Addresses.canonical("::ffff:192.0.2.1"));
        assertEquals("localhost", Addresses.canonical("localhost"));
    }
}
