package io.leat.client;

import io.leat.client.network.Api;
import io.leat.client.network.ConnectionSettings;
import io.leat.client.network.Endpoint;
import io.leat.client.network.HostPort;
import io.leat.client.network.NetworkLoop;
import io.leat.client.network.Outcome;
import io.leat.wire.message.MetadataRequest;
import io.leat.wire.message.MetadataResponse;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's picture of its cluster and its connections to it.
 *
 * <p>Everything but {@link #view} belongs to the loop. Topics that were named to {@link #track} are
 * looked up with every refresh; refreshes that are asked for while one is on the way share the next
 * one.
 */
final class Cluster {
    private record Line(HostPort address, Lane lane) {}

    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final int IN_FLIGHT_MAX = 5;
    private static final int WAITING_MAX = 10_000;

    private final NetworkLoop loop;
    private final ConnectionOptions options;
    private final ConnectionSettings settings;
    private final boolean topicsMayBeCreated;
    private final Map<Line, Endpoint> endpoints = new HashMap<>();
    private final Set<String> tracked = new LinkedHashSet<>();
    private volatile ClusterView view = ClusterView.NOTHING;
    private final AtomicBoolean renewing = new AtomicBoolean();
    private boolean refreshing;
    private boolean unknownTracked;
    private @Nullable CompletableFuture<ClusterView> nextRefresh;
    private long lastRefreshNanos;
    private int firstTried;

    /**
     * @param topicsMayBeCreated whether asking for a topic creates it, where the cluster is set to
     *     do so
     */
    Cluster(NetworkLoop loop, ConnectionOptions options, boolean topicsMayBeCreated) {
        this.loop = loop;
        this.options = options;
        this.topicsMayBeCreated = topicsMayBeCreated;
        this.settings =
                new ConnectionSettings(
                        options.clientId(),
                        options.connectTimeout(),
                        options.requestTimeout(),
                        options.retryBackoff(),
                        options.retryBackoffMax(),
                        IN_FLIGHT_MAX,
                        WAITING_MAX,
                        options.responseBytesMax(),
                        Securing.of(options));
        this.lastRefreshNanos = System.nanoTime() - options.retryBackoff().toNanos();
    }

    /**
     * Connects to the first bootstrap address that answers. For the caller's thread.
     *
     * @throws LeatClientException if none answers in time; the loop is closed then
     */
    static Cluster connect(
            String threadName, ConnectionOptions options, boolean topicsMayBeCreated) {
        NetworkLoop loop = NetworkLoop.start(threadName);
        Cluster cluster = new Cluster(loop, options, topicsMayBeCreated);
        String what = "connect to " + String.join(", ", options.bootstrap());
        Duration once =
                options.connectTimeout()
                        .plus(options.requestTimeout())
                        .multipliedBy(options.bootstrap().size());
        try {
            if (options.bootstrapTimeout().isZero()) {
                Blocking.call(loop, Deadline.after(once), what, cluster::refresh);
            } else {
                Deadline patience = Deadline.after(options.bootstrapTimeout());
                Blocking.call(
                        loop,
                        Deadline.after(options.bootstrapTimeout().plus(once)),
                        what,
                        () -> Retry.until(cluster, patience, what, cluster::refresh));
            }
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    NetworkLoop loop() {
        return loop;
    }

    ConnectionOptions options() {
        return options;
    }

    /** The latest picture; from any thread. */
    ClusterView view() {
        return view;
    }

    /** Adds topics to those that every refresh looks up. Returns whether one of them is new. */
    boolean track(Collection<String> topics) {
        boolean grown = tracked.addAll(topics);
        unknownTracked |= grown;
        return grown;
    }

    /** Looks up these topics no more, and forgets them. */
    void untrack(Collection<String> topics) {
        tracked.removeAll(topics);
        view = view.without(topics);
    }

    /** Looks up the tracked topics and no others from now on. */
    void trackOnly(Collection<String> topics) {
        List<String> others = new ArrayList<>(tracked);
        others.removeAll(topics);
        untrack(others);
        track(topics);
    }

    /**
     * Looks up everything anew in the background if it is older than {@code metadataAgeMax}. From
     * any thread.
     */
    void refreshIfStale() {
        boolean stale = System.nanoTime() - view.nanos() > options.metadataAgeMax().toNanos();
        if (stale && renewing.compareAndSet(false, true)) {
            loop.execute(() ->
                    Outcome.whenDone(
                            refresh(),
                            (fresh, failure) -> {
                                renewing.set(false);
                                if (failure != null) {
                                    LOG.debug(
                                            "the cluster cannot be looked up anew: {}",
                                            failure.getMessage());
                                }
                            }));
        }
    }

    /** Looks up brokers and tracked topics, with a request that starts after this call. */
    CompletableFuture<ClusterView> refresh() {
        CompletableFuture<ClusterView> next = nextRefresh;
        if (next == null) {
            next = new CompletableFuture<>();
            nextRefresh = next;
            if (!refreshing) {
                refreshing = true;
                long pause =
                        lastRefreshNanos + options.retryBackoff().toNanos() - System.nanoTime();
                if (pause <= 0 || unknownTracked) {
                    startRefresh();
                } else {
                    loop.schedule(Duration.ofNanos(pause), this::startRefresh);
                }
            }
        }
        return next;
    }

    private void startRefresh() {
        CompletableFuture<ClusterView> mine = Objects.requireNonNull(nextRefresh, "nobody asked");
        nextRefresh = null;
        unknownTracked = false;
        List<MetadataRequest.MetadataRequestTopic> topics = new ArrayList<>();
        tracked.forEach(name -> topics.add(Requests.metadataTopic(name)));
        Outcome.whenDone(
                askAny(
                        Apis.METADATA,
                        new MetadataRequest(topics, topicsMayBeCreated, false, false)),
                (answer, failure) -> refreshed(mine, answer, failure));
    }

    private void refreshed(
            CompletableFuture<ClusterView> mine,
            @Nullable MetadataResponse answer,
            @Nullable Throwable failure) {
        lastRefreshNanos = System.nanoTime();
        refreshing = false;
        if (nextRefresh != null) {
            refreshing = true;
            loop.schedule(options.retryBackoff(), this::startRefresh);
        }
        if (answer != null) {
            view = view.with(answer);
            mine.complete(view);
        } else if (failure != null) {
            mine.completeExceptionally(Failures.unwrap(failure));
        }
    }

    /** Asks one broker. */
    <Q extends RequestMessage, R extends ResponseMessage> CompletableFuture<R> ask(
            Node node, Lane lane, Api<Q, R> api, Q request) {
        return endpoint(node, lane).send(api, request);
    }

    /** Asks one broker, which may take that long. */
    <Q extends RequestMessage, R extends ResponseMessage> CompletableFuture<R> ask(
            Node node, Lane lane, Api<Q, R> api, Q request, Duration timeout) {
        return endpoint(node, lane).send(api, request, timeout);
    }

    /** The connection to a broker. */
    Endpoint endpoint(Node node, Lane lane) {
        return endpoint(new HostPort(node.host(), node.port()), lane);
    }

    private Endpoint endpoint(HostPort address, Lane lane) {
        return endpoints.computeIfAbsent(
                new Line(address, lane), line -> new Endpoint(loop, address, settings));
    }

    /** Asks the controller, or any broker where none is named. */
    <Q extends RequestMessage, R extends ResponseMessage> CompletableFuture<R> askController(
            Api<Q, R> api, Q request) {
        Node controller = view.nodes().get(view.controllerId());
        return controller == null
                ? askAny(api, request)
                : ask(controller, Lane.CONTROL, api, request);
    }

    /**
     * Asks one broker after the other until one answers: first those that are known, then the
     * bootstrap addresses.
     */
    <Q extends RequestMessage, R extends ResponseMessage> CompletableFuture<R> askAny(
            Api<Q, R> api, Q request) {
        Set<HostPort> addresses = new LinkedHashSet<>();
        List<Node> nodes = new ArrayList<>(view.nodes().values());
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get((firstTried + i) % nodes.size());
            addresses.add(new HostPort(node.host(), node.port()));
        }
        addresses.addAll(options.addresses());
        return askOneOf(new ArrayList<>(addresses), 0, api, request);
    }

    private <Q extends RequestMessage, R extends ResponseMessage> CompletableFuture<R> askOneOf(
            List<HostPort> addresses, int index, Api<Q, R> api, Q request) {
        return endpoint(addresses.get(index), Lane.CONTROL)
                .send(api, request)
                .exceptionallyCompose(failure -> {
                    firstTried++;
                    return index + 1 < addresses.size() && Failures.isRetriable(failure)
                            ? askOneOf(addresses, index + 1, api, request)
                            : CompletableFuture.failedFuture(Failures.unwrap(failure));
                });
    }

    /** Ends all connections and the loop. From any thread; waits unless called on the loop. */
    void close() {
        loop.run(() -> endpoints.values().forEach(Endpoint::close));
        loop.close();
    }
}
