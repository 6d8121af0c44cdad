package io.leat.client.network;

/**
 * The address of a broker.
 *
 * @param host a name, or an IP address without brackets
 * @param port 1 to 65535
 */
public record HostPort(String host, int port) {
    /**
     * Reads {@code host:port} or {@code [ipv6]:port}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static HostPort parse(String address) {
        String text = address.strip();
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw malformed(address);
        }
        if (host.isEmpty()) {
            throw malformed(address);
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port < 1 || port > 65535) {
                throw malformed(address);
            }
            return new HostPort(host, port);
        } catch (NumberFormatException e) {
            throw malformed(address);
        }
    }

    private static IllegalArgumentException malformed(String address) {
        return new IllegalArgumentException(
                "bootstrap address \""
                        + address
                        + "\" is not host:port, such as localhost:9092 or [::1]:9092");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
