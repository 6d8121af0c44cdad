package io.leat.cli;

import io.leat.broker.config.BrokerConfig;
import io.leat.cli.server.Server;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;

/** A server in this process, on ports that were free. */
final class RunningServer implements AutoCloseable {
    private final Server server;

    RunningServer(Path dataDirectory) {
        BrokerConfig config =
                BrokerConfig.load(
                        null,
                        Map.of(
                                "log.dir",
                                dataDirectory.toString(),
                                "listeners",
                                "PLAINTEXT://127.0.0.1:0"));
        server = Server.start(config, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
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
