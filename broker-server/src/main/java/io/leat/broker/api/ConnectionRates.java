package io.leat.broker.api;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Holds addresses to how fast they may connect (KIP-612). Any thread. */
@FunctionalInterface
public interface ConnectionRates {
    ConnectionRates UNLIMITED = address -> 0;

    /**
     * An address has connected.
     *
     * @return 0, or for how many milliseconds the connection stays unanswered before it is closed
     */
    long connected(@Nullable InetAddress address);
}
