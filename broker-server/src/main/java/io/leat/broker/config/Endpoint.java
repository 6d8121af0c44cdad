package io.leat.broker.config;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A listener's address, written {@code NAME://HOST:PORT}.
 *
 * @param name the listener's name
 * @param host a host name or address, without brackets; empty for every interface
 * @param port 0 to 65535
 */
public record Endpoint(String name, String host, int port) {
    private static final Pattern FORMAT =
            Pattern.compile(
                    "([A-Za-z0-9_-]+)://(?:\\[([0-9a-fA-F:.%]+)\\]|([^:/\\[\\]]*)):(\\d{1,5})");

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException saying what would be right
     */
    public static Endpoint parse(String text) {
        Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected NAME://HOST:PORT, not " + text);
        }
        int port = Integer.parseInt(matcher.group(4));
        if (port > 65_535) {
            throw new IllegalArgumentException("expected a port of 0 to 65535, not " + port);
        }
        String host = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
        return new Endpoint(matcher.group(1), host, port);
    }

    /** {@code HOST:PORT}, with brackets around an IPv6 address. */
    public String address() {
        return text(host, port);
    }

    /** The address of a socket, as {@link #address}. */
    public static String text(InetSocketAddress address) {
        return text(address.getAddress().getHostAddress(), address.getPort());
    }

    private static String text(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
        return name + "://" + address();
    }
}
