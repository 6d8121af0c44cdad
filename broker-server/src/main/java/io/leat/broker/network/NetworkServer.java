package io.leat.broker.network;

import io.leat.broker.api.ConnectionRates;
import io.leat.broker.api.RequestRouter;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.ConfigException;
import io.leat.broker.config.Endpoint;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's listeners and their connections. One group of event loops accepts and serves. {@link
 * #bind} and {@link #close} are called by one thread.
 */
public final class NetworkServer implements AutoCloseable {
    /** How long requests under way may take to be answered when the server stops. */
    private static final long STOP_MILLIS_MAX = 1_000;

    private static final long REFUSAL_REPORT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(64 * 1024, 256 * 1024);
    private static final Logger LOG = LoggerFactory.getLogger(NetworkServer.class);

    private final NetworkConfig config;
    private final Transport transport;
    private final MultiThreadIoEventLoopGroup loops;
    private final Map<String, Channel> listeners = new LinkedHashMap<>();
    private final Set<Channel> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private final LongAdder refused = new LongAdder();
    private final RequestMemory memory;
    private final ConnectionLimits limits;
    private volatile ConnectionRates rates = ConnectionRates.UNLIMITED;
    private final AtomicLong refusalReported =
            new AtomicLong(System.nanoTime() - REFUSAL_REPORT_NANOS);
    private volatile boolean stopping;

    /** Starts the event loops; nothing listens yet. */
    public NetworkServer(BrokerConfig brokerConfig) {
        this.config = NetworkConfig.of(brokerConfig);
        this.memory = new RequestMemory(config.queuedBytesMax());
        this.limits = new ConnectionLimits(brokerConfig, OpenFiles.max());
        this.transport = Transport.best();
        this.loops = transport.start(config.threads());
    }

    /**
     * Listens.
     *
     * @throws ConfigException when an address cannot be listened on
     */
    public void bind(List<Listener> wanted, RequestRouter router) {
        for (Listener listener : wanted) {
            Endpoint endpoint = listener.endpoint();
            InetSocketAddress address =
                    endpoint.host().isEmpty()
                            ? new InetSocketAddress(endpoint.port())
                            : new InetSocketAddress(endpoint.host(), endpoint.port());
            if (address.isUnresolved()) {
                throw new ConfigException(
                        "Cannot listen on " + endpoint.address() + ": unknown host");
            }
            ChannelFuture bound = bootstrap(listener, router).bind(address).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw new ConfigException(
                        "Cannot listen on "
                                + endpoint.address()
                                + ": "
                                + reason(bound.cause())
                                + ". Stop what uses it, or choose another address");
            }
            listeners.put(endpoint.name(), bound.channel());
            listener.tls().ifPresent(this::watch);
        }
    }

    /** The addresses that are listened on, by listener name, in the order of configuration. */
    public Map<String, InetSocketAddress> addresses() {
        Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
        listeners.forEach(
                (name, channel) -> addresses.put(name, (InetSocketAddress) channel.localAddress()));
        return addresses;
    }

    /** Follows other limits of connections. */
    public void follow(BrokerConfig brokerConfig) {
        limits.follow(brokerConfig);
    }

    /** Holds addresses to {@code connectionRates}; before {@link #bind}. */
    public void hold(ConnectionRates connectionRates) {
        rates = connectionRates;
    }

    /** How many bytes of requests wait for their answers, or to come in whole. */
    public long requestBytes() {
        return memory.usedBytes();
    }

    /** How many connections are open. */
    public int connectionCount() {
        return connections.size();
    }

    /**
     * Stops listening and reading, answers what is under way, and closes every connection, within
     * about {@value #STOP_MILLIS_MAX} ms. Idempotent.
     */
    @Override
    public void close() {
        stopping = true;
        listeners.values().forEach(channel -> channel.close().awaitUninterruptibly());
        List<ChannelFuture> closes = new ArrayList<>();
        for (Channel connection : connections) {
            closes.add(connection.closeFuture());
            connection
                    .eventLoop()
                    .execute(() -> {
                        ConnectionHandler handler =
                                connection.pipeline().get(ConnectionHandler.class);
                        if (handler != null) {
                            handler.stop();
                        }
                    });
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS_MAX);
        for (ChannelFuture close : closes) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (!close.awaitUninterruptibly(Math.max(0, left))) {
                var _ = close.channel().close();
            }
        }
        loops.shutdownGracefully(0, STOP_MILLIS_MAX / 2, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(STOP_MILLIS_MAX);
    }

    /** Looks now and then whether a listener's certificates have changed. */
    private void watch(Tls tls) {
        var _ =
                loops.next()
                        .scheduleWithFixedDelay(
                                () -> Thread.startVirtualThread(tls::refresh),
                                config.tlsRefreshMillis(),
                                config.tlsRefreshMillis(),
                                TimeUnit.MILLISECONDS);
    }

    private ServerBootstrap bootstrap(Listener listener, RequestRouter router) {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loops)
                        .channel(transport.serverChannel())
                        .handler(new AcceptFailures())
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .option(ChannelOption.SO_BACKLOG, config.backlog())
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                        .childOption(ChannelOption.MESSAGE_SIZE_ESTIMATOR, new PartSizes())
                        .childOption(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new AdaptiveRecvByteBufAllocator(512, 4096, 128 * 1024))
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        welcome(channel, listener, router);
                                    }
                                });
        if (config.sendBufferBytes() > 0) {
            bootstrap.childOption(ChannelOption.SO_SNDBUF, config.sendBufferBytes());
        }
        if (config.receiveBufferBytes() > 0) {
            // On the listening socket, so that it holds from the handshake on.
            bootstrap.option(ChannelOption.SO_RCVBUF, config.receiveBufferBytes());
        }
        return bootstrap;
    }

    private void welcome(Channel channel, Listener listener, RequestRouter router) {
        connections.add(channel);
        InetAddress address = ((InetSocketAddress) channel.remoteAddress()).getAddress();
        Optional<String> refusal = limits.admit(address);
        channel.closeFuture()
                .addListener(closed -> {
                    connections.remove(channel);
                    limits.release(address);
                });
        pauseAccepting();
        if (stopping || refusal.isPresent()) {
            refusal.ifPresent(reason -> reportRefusal(channel, reason));
            var _ = channel.close();
            return;
        }
        long penaltyMillis = rates.connected(address);
        if (penaltyMillis > 0) {
            reportRefusal(channel, "the quota connection_creation_rate of its address");
            channel.config().setAutoRead(false);
            var _ =
                    channel.eventLoop()
                            .schedule(
                                    () -> {
                                        var _ = channel.close();
                                    },
                                    penaltyMillis,
                                    TimeUnit.MILLISECONDS);
            return;
        }
        listener.tls()
                .map(tls -> tls.handler(channel.alloc(), config.authenticationMillisMax()))
                .ifPresent(channel.pipeline()::addLast);
        channel.pipeline()
                .addLast(
                        new ConnectionHandler(
                                config, memory, router, listener, accepted.incrementAndGet()));
    }

    /** Leaves new connections in the system's backlog where they come too fast. */
    private void pauseAccepting() {
        long pauseMillis = limits.acceptPauseMillis();
        if (pauseMillis > 0) {
            for (Channel listener : listeners.values()) {
                listener.config().setAutoRead(false);
                var _ =
                        listener.eventLoop()
                                .schedule(
                                        () -> listener.config().setAutoRead(true),
                                        pauseMillis,
                                        TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Says so once in a while: a flood of connections must not become a flood of lines. */
    private void reportRefusal(Channel channel, String reason) {
        refused.increment();
        long now = System.nanoTime();
        long last = refusalReported.get();
        if (now - last >= REFUSAL_REPORT_NANOS && refusalReported.compareAndSet(last, now)) {
            LOG.warn(
                    "Closed a new connection from {}: {} is reached ({} closed so far)",
                    channel.remoteAddress(),
                    reason,
                    refused.sum());
        }
    }

    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("Address already in use")
                ? "the address is in use already"
                : message;
    }
}
