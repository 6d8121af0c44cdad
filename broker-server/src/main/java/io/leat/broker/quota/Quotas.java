package io.leat.broker.quota;

import io.leat.broker.api.ApiRegistry;
import io.leat.broker.api.ConnectionRates;
import io.leat.broker.api.RequestContext;
import io.leat.broker.api.Throttle;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import io.leat.broker.quota.QuotaTable.Limit;
import io.leat.storage.api.StateStore;
import io.leat.wire.ApiKey;
import io.leat.wire.message.AlterClientQuotasRequest;
import io.leat.wire.message.AlterClientQuotasResponse;
import io.leat.wire.message.DescribeClientQuotasRequest;
import io.leat.wire.message.DescribeClientQuotasResponse;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The quotas of clients, and what each has used. Any thread; {@link #change} blocks on the disk.
 */
public final class Quotas implements Throttle, ConnectionRates {
    private static final String USER_PREFIX = "User:";

    private final QuotaStore store;
    private final int windows;
    private final long windowMillis;
    private final int mutationSeconds;
    private final Map<QuotaKind, Meters<RateMeter>> rates = new EnumMap<>(QuotaKind.class);
    private final Meters<TokenBucket> mutations = new Meters<>();
    private volatile QuotaTable table;

    /** Reads the quotas that were set. */
    public Quotas(BrokerConfig config, StateStore state) {
        this.store = new QuotaStore(state);
        this.windows = config.get(BrokerKeys.QUOTA_WINDOW_NUM);
        this.windowMillis = config.get(BrokerKeys.QUOTA_WINDOW_SIZE_SECONDS) * 1000L;
        this.mutationSeconds = config.get(BrokerKeys.CONTROLLER_QUOTA_WINDOW_NUM);
        for (QuotaKind kind : QuotaKind.values()) {
            rates.put(kind, new Meters<>());
        }
        this.table = new QuotaTable(store.load());
    }

    QuotaTable table() {
        return table;
    }

    /**
     * Changes the quotas of one entity, durably.
     *
     * @param change makes the new quotas of the old ones
     * @throws io.leat.storage.api.StorageException when the disk fails; then nothing has changed
     */
    synchronized void change(QuotaEntity entity, UnaryOperator<Map<QuotaKind, Double>> change) {
        Map<QuotaEntity, Map<QuotaKind, Double>> all = new HashMap<>(table.all());
        Map<QuotaKind, Double> before = all.getOrDefault(entity, Map.of());
        Map<QuotaKind, Double> after = change.apply(before);
        if (after.equals(before)) {
            return;
        }
        store.save(entity, after);
        all.put(entity, after);
        table = new QuotaTable(all);
    }

    /** Adds the APIs that show and change quotas. */
    public void register(ApiRegistry registry, Executor blocking) {
        registry.add(
                        ApiKey.DESCRIBE_CLIENT_QUOTAS,
                        DescribeClientQuotasRequest.class,
                        DescribeClientQuotasResponse.class,
                        new DescribeClientQuotasHandler(this))
                .add(
                        ApiKey.ALTER_CLIENT_QUOTAS,
                        AlterClientQuotasRequest.class,
                        AlterClientQuotasResponse.class,
                        new AlterClientQuotasHandler(this, blocking));
    }

    @Override
    public void produced(RequestContext context, long bytes) {
        charge(QuotaKind.PRODUCER_BYTE_RATE, context, (double) bytes);
    }

    @Override
    public void fetched(RequestContext context, long bytes) {
        charge(QuotaKind.CONSUMER_BYTE_RATE, context, (double) bytes);
    }

    /** No more than the windows hold together: what is more would keep the client mute for long. */
    @Override
    public int fetchBytesMax(RequestContext context, int wanted) {
        QuotaTable now = table;
        if (!now.has(QuotaKind.CONSUMER_BYTE_RATE)) {
            return wanted;
        }
        return limit(now, QuotaKind.CONSUMER_BYTE_RATE, context)
                .map(limit -> limit.value() * windowMillis / 1000 * (windows - 1))
                .map(bytes -> (int) Math.max(1, Math.min(wanted, bytes)))
                .orElse(wanted);
    }

    @Override
    public boolean timed() {
        return table.has(QuotaKind.REQUEST_PERCENTAGE);
    }

    /** Kafka mutes for no longer than a window because of time. */
    @Override
    public void worked(RequestContext context, long nanos) {
        // In percent of one thread: a second of work in a second is 100.
        charge(QuotaKind.REQUEST_PERCENTAGE, context, nanos / 1e9 * 100, windowMillis);
    }

    @Override
    public Mutations mutations(RequestContext context, boolean strict) {
        QuotaTable now = table;
        if (!now.has(QuotaKind.CONTROLLER_MUTATION_RATE)) {
            return Mutations.UNLIMITED;
        }
        Optional<Limit> limit = limit(now, QuotaKind.CONTROLLER_MUTATION_RATE, context);
        if (limit.isEmpty()) {
            return Mutations.UNLIMITED;
        }
        double perSecond = limit.get().value();
        TokenBucket bucket =
                mutations.of(
                        limit.get(),
                        entity -> new TokenBucket(mutationSeconds),
                        each -> each.idle(perSecond, millis()));
        return count -> {
            boolean refused = strict && bucket.debtMillis(perSecond, millis()) > 0;
            if (!refused) {
                bucket.take(count, perSecond, millis());
            }
            context.scope().throttle(bucket.debtMillis(perSecond, millis()));
            return !refused;
        };
    }

    /** As in Kafka, who is refused is held for no longer than a window: that takes up a socket. */
    @Override
    public long connected(@Nullable InetAddress address) {
        QuotaTable now = table;
        if (address == null || !now.has(QuotaKind.CONNECTION_CREATION_RATE)) {
            return 0;
        }
        return now.ofAddress(QuotaKind.CONNECTION_CREATION_RATE, address.getHostAddress())
                .map(limit ->
                        Math.min(
                                windowMillis,
                                meter(QuotaKind.CONNECTION_CREATION_RATE, limit)
                                        .admit(1, limit.value(), millis())))
                .orElse(0L);
    }

    private void charge(QuotaKind kind, RequestContext context, double amount) {
        charge(kind, context, amount, Integer.MAX_VALUE);
    }

    private void charge(
            QuotaKind kind, RequestContext context, double amount, long throttleMillisMax) {
        QuotaTable now = table;
        if (now.has(kind)) {
            limit(now, kind, context)
                    .ifPresent(limit ->
                            context.scope()
                                    .throttle(
                                            Math.min(throttleMillisMax, use(kind, limit, amount))));
        }
    }

    private long use(QuotaKind kind, Limit limit, double amount) {
        return meter(kind, limit).record(amount, limit.value(), millis());
    }

    private RateMeter meter(QuotaKind kind, Limit limit) {
        return Objects.requireNonNull(rates.get(kind))
                .of(
                        limit,
                        entity -> new RateMeter(windows, windowMillis),
                        meter -> meter.idle(millis()));
    }

    private static Optional<Limit> limit(QuotaTable table, QuotaKind kind, RequestContext context) {
        String principal = context.connection().principal();
        String user =
                principal.startsWith(USER_PREFIX)
                        ? principal.substring(USER_PREFIX.length())
                        : principal;
        return table.of(kind, user, context.clientId());
    }

    private static long millis() {
        return System.nanoTime() / 1_000_000;
    }
}
