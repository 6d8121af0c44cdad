package io.leat.broker.network;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections there may be, in all and from one address, and how fast new ones are
 * accepted. A quarter of the files that the process may open is never theirs: who only connects
 * must not keep the logs from opening their files. Any thread.
 */
final class ConnectionLimits {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimits.class);

    private final OptionalInt openFilesMax;
    private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AcceptRate rate = new AcceptRate();
    private volatile Limits limits;

    ConnectionLimits(BrokerConfig config, OptionalInt openFilesMax) {
        this.openFilesMax = openFilesMax;
        this.limits = Limits.of(config, openFilesMax);
    }

    /** The limits as configured, and as the system has them. */
    private record Limits(
            int all,
            String whyAll,
            int perAddress,
            Map<InetAddress, Integer> overrides,
            int perSecond) {
        static Limits of(BrokerConfig config, OptionalInt openFilesMax) {
            Map<InetAddress, Integer> overrides = new HashMap<>();
            for (String text : config.get(BrokerKeys.MAX_CONNECTIONS_PER_IP_OVERRIDES)) {
                int colon = text.lastIndexOf(':');
                try {
                    overrides.put(
                            InetAddress.getByName(text.substring(0, colon)),
                            Integer.parseInt(text.substring(colon + 1)));
                } catch (UnknownHostException e) {
                    LOG.warn("Passed over the limit of connections for {}: unknown host", text);
                }
            }
            int configured = config.get(BrokerKeys.MAX_CONNECTIONS);
            int possible = openFilesMax.orElse(Integer.MAX_VALUE) / 4 * 3;
            return new Limits(
                    Math.min(configured, possible),
                    configured <= possible
                            ? BrokerKeys.MAX_CONNECTIONS.name() + "=" + configured
                            : possible
                                    + " connections, three quarters of the open files that the"
                                    + " system allows (ulimit -n),",
                    config.get(BrokerKeys.MAX_CONNECTIONS_PER_IP),
                    Map.copyOf(overrides),
                    config.get(BrokerKeys.MAX_CONNECTION_CREATION_RATE));
        }

        int of(InetAddress address) {
            return overrides.getOrDefault(address, perAddress);
        }
    }

    /** Follows another configuration; what is open stays. */
    void follow(BrokerConfig config) {
        limits = Limits.of(config, openFilesMax);
    }

    int open() {
        return open.get();
    }

    /**
     * Counts a new connection, which must be {@link #release}d when it is closed.
     *
     * @return why it must be closed at once, if it must
     */
    Optional<String> admit(InetAddress address) {
        Limits now = limits;
        int all = open.incrementAndGet();
        int own = byAddress.merge(address, 1, Integer::sum);
        if (all > now.all()) {
            return Optional.of(now.whyAll());
        }
        int max = now.of(address);
        return own > max
                ? Optional.of(
                        (now.overrides().containsKey(address)
                                        ? BrokerKeys.MAX_CONNECTIONS_PER_IP_OVERRIDES.name()
                                                + " for "
                                                + address.getHostAddress()
                                        : BrokerKeys.MAX_CONNECTIONS_PER_IP.name())
                                + "="
                                + max)
                : Optional.empty();
    }

    void release(InetAddress address) {
        open.decrementAndGet();
        byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    /** Counts an accepted connection; for how many milliseconds no other shall be accepted. */
    long acceptPauseMillis() {
        int perSecond = limits.perSecond();
        return perSecond == Integer.MAX_VALUE
                ? 0
                : rate.accepted(perSecond, System.nanoTime() / 1_000_000);
    }

    /** A second's worth of connections at once, then as many as come in the time. */
    private static final class AcceptRate {
        private double tokens = Double.MAX_VALUE;
        private long lastMillis;

        synchronized long accepted(int perSecond, long nowMillis) {
            tokens =
                    Math.min(perSecond, tokens + (nowMillis - lastMillis) * (perSecond / 1000.0))
                            - 1;
            lastMillis = nowMillis;
            return tokens >= 0 ? 0 : (long) Math.ceil(-tokens * 1000 / perSecond);
        }
    }
}
