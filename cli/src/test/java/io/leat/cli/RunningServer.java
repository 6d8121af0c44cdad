package io.leat.cli;

import io.leat.broker.config.BrokerConfig;
import io.leat.cli.server.Server;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A server in this process, on ports that were free. */
final class RunningServer implements AutoCloseable {
    private final Server server;

    RunningServer(Path dataDirectory) {
        this(dataDirectory, Map.of());
    }

    /**
     * @param more settings, also in place of those that all have
     */
    RunningServer(Path dataDirectory, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>();
        settings.put("log.dir", dataDirectory.toString());
        settings.put("listeners", "PLAINTEXT://127.0.0.1:0");
        settings.putAll(more);
        server =
                Server.start(
                        BrokerConfig.load(null, settings),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Where Kafka clients connect, as {@code host:port}. */
    String bootstrap() {
        return "127.0.0.1:" + server.address().getPort();
    }

    /** Where HTTP is, as {@code host:port}. */
    String http() {
        return "127.0.0.1:" + server.httpAddress().getPort();
    }

    @Override
    public void close() {
        server.close();
    }
}
