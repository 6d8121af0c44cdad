package io.leat.broker.telemetry;

import io.leat.broker.api.ApiRegistry;
import io.leat.broker.api.ConfigDomain;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import io.leat.storage.api.StateStore;
import io.leat.wire.ApiKey;
import io.leat.wire.message.GetTelemetrySubscriptionsRequest;
import io.leat.wire.message.GetTelemetrySubscriptionsResponse;
import io.leat.wire.message.PushTelemetryRequest;
import io.leat.wire.message.PushTelemetryResponse;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Who pushes which metrics, and since when. Any thread.
 *
 * <p>A client is remembered by the id that it was given, for three of its intervals after its last
 * request, and the {@value #CLIENTS_MAX} that asked last in any case only.
 */
public final class Telemetry {
    private static final int CLIENTS_MAX = 10_000;
    private static final String ALL = "*";

    private final Subscriptions subscriptions;
    private final int pushBytesMax;
    private final InstantSource clock;
    private final PushedMetrics pushed;
    private final Map<UUID, Client> clients =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<UUID, Client> eldest) {
                    return size() > CLIENTS_MAX;
                }
            };

    public Telemetry(
            BrokerConfig config, StateStore state, MeterRegistry meters, InstantSource clock) {
        this.subscriptions = new Subscriptions(state);
        this.pushBytesMax = config.get(BrokerKeys.TELEMETRY_MAX_BYTES);
        this.clock = clock;
        this.pushed = new PushedMetrics(meters, clock);
    }

    /** What is known of a client between its requests. Guarded by its own lock. */
    static final class Client {
        private long askedMillis = Long.MIN_VALUE;
        private long pushedMillis = Long.MIN_VALUE;
        boolean terminating;
        int toldSubscription;

        /** Whether it may ask now: once in an interval, or when its subscription has changed. */
        boolean mayAsk(long nowMillis, Wanted wanted) {
            boolean early = tooEarly(askedMillis, nowMillis, wanted);
            boolean changed = toldSubscription != wanted.id();
            askedMillis = nowMillis;
            toldSubscription = wanted.id();
            return !early || changed;
        }

        boolean mayPush(long nowMillis, Wanted wanted) {
            boolean early = tooEarly(pushedMillis, nowMillis, wanted);
            if (!early) {
                pushedMillis = nowMillis;
            }
            return !early;
        }

        private static boolean tooEarly(long lastMillis, long nowMillis, Wanted wanted) {
            return lastMillis != Long.MIN_VALUE
                    // Clients spread their pushes, half an interval earlier at the most.
                    && nowMillis - lastMillis < wanted.intervalMillis() / 2;
        }
    }

    /**
     * What a client is to push.
     *
     * @param id changes when the rest does
     */
    record Wanted(int id, Collection<String> metrics, int intervalMillis) {}

    /** Adds the APIs. */
    public void register(ApiRegistry registry) {
        registry.add(
                        ApiKey.GET_TELEMETRY_SUBSCRIPTIONS,
                        GetTelemetrySubscriptionsRequest.class,
                        GetTelemetrySubscriptionsResponse.class,
                        new GetTelemetrySubscriptionsHandler(this))
                .add(
                        ApiKey.PUSH_TELEMETRY,
                        PushTelemetryRequest.class,
                        PushTelemetryResponse.class,
                        new PushTelemetryHandler(this));
    }

    /** The subscriptions as configurations. */
    public ConfigDomain configs() {
        return new ClientMetricsConfigs(subscriptions);
    }

    /** To be called before meters are read: lets those go that nobody pushes any more. */
    public void refreshMeters() {
        pushed.purge();
    }

    int pushBytesMax() {
        return pushBytesMax;
    }

    PushedMetrics pushed() {
        return pushed;
    }

    long nowMillis() {
        return clock.millis();
    }

    synchronized Client client(UUID instanceId) {
        return clients.computeIfAbsent(instanceId, id -> new Client());
    }

    Wanted wanted(ClientDescription client) {
        SortedMap<String, Subscription> all = subscriptions.all();
        TreeSet<String> metrics = new TreeSet<>();
        int interval = Subscription.INTERVAL_MILLIS_DEFAULT;
        for (Subscription subscription : all.values()) {
            if (subscription.fits(client)) {
                metrics.addAll(subscription.metrics());
                interval = Math.min(interval, subscription.intervalMillis());
            }
        }
        Collection<String> names = metrics.contains(ALL) ? List.of(ALL) : metrics;
        int id = (names + " " + interval).hashCode() ^ client.instanceId().hashCode();
        return new Wanted(id, names, interval);
    }
}
