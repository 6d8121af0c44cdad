package io.leat.client.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * Apache Kafka in KRaft mode, in a JVM of its own, on loopback ports that were free and in a
 * temporary directory.
 *
 * <p>The process needs the class path of the test that starts it to hold {@code
 * org.apache.kafka:kafka_2.13}. It ends with {@link #close()}, and by itself when the JVM of the
 * test ends: it watches its standard input.
 *
 * <p>Not safe for use by several threads.
 */
public final class KafkaProcess implements AutoCloseable {
    private static final String CLUSTER_ID = "leat-test-cluster-AAAA";
    private static final int START_SECONDS_MAX = 90;

    private final int nodeId;
    private final int port;
    private final Path directory;
    private final Properties config = new Properties();
    private Process process;

    private KafkaProcess(
            int nodeId,
            String roles,
            String voters,
            int controllerPort,
            Map<String, String> overrides)
            throws IOException {
        this.nodeId = nodeId;
        this.port = freePort();
        this.directory = Files.createTempDirectory("leat-kafka-");
        String broker = "PLAINTEXT://127.0.0.1:" + port;
        boolean controls = roles.contains("controller");
        config.setProperty("process.roles", roles);
        config.setProperty("node.id", Integer.toString(nodeId));
        config.setProperty("controller.quorum.voters", voters);
        config.setProperty("controller.listener.names", "CONTROLLER");
        config.setProperty(
                "listeners",
                controls ? broker + ",CONTROLLER://127.0.0.1:" + controllerPort : broker);
        config.setProperty("advertised.listeners", broker);
        config.setProperty(
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.setProperty("log.dirs", directory.resolve("data").toString());
        config.setProperty("offsets.topic.num.partitions", "3");
        config.setProperty("offsets.topic.replication.factor", "1");
        config.setProperty("transaction.state.log.num.partitions", "1");
        config.setProperty("transaction.state.log.replication.factor", "1");
        config.setProperty("transaction.state.log.min.isr", "1");
        config.setProperty("share.coordinator.state.topic.num.partitions", "1");
        config.setProperty("share.coordinator.state.topic.replication.factor", "1");
        config.setProperty("share.coordinator.state.topic.min.isr", "1");
        // A broker that was killed is back as soon as the controller has given up its former life.
        config.setProperty("broker.session.timeout.ms", "1000");
        config.setProperty("broker.heartbeat.interval.ms", "200");
        config.setProperty("group.initial.rebalance.delay.ms", "0");
        config.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
        config.setProperty("auto.create.topics.enable", "false");
        overrides.forEach(config::setProperty);
    }

    /** Starts a single broker, which is its own controller, and waits until it serves. */
    public static KafkaProcess start() {
        return start(Map.of());
    }

    /**
     * Starts a single broker and waits until it serves.
     *
     * @param overrides entries of {@code server.properties} that replace the defaults of this class
     */
    public static KafkaProcess start(Map<String, String> overrides) {
        try {
            int controllerPort = freePort();
            String voters = "1@127.0.0.1:" + controllerPort;
            KafkaProcess kafka =
                    new KafkaProcess(1, "broker,controller", voters, controllerPort, overrides);
            kafka.restart();
            return kafka;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts one more broker in the cluster of this one and waits until it serves. The caller
     * closes it first.
     */
    public KafkaProcess startPeer(int peerNodeId) {
        try {
            String voters = config.getProperty("controller.quorum.voters");
            KafkaProcess peer = new KafkaProcess(peerNodeId, "broker", voters, 0, Map.of());
            peer.restart();
            return peer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The address that clients connect to, as {@code host:port}; it stays the same over a restart.
     */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** The port of {@link #bootstrap()}. */
    public int port() {
        return port;
    }

    /** The process that runs now, or ran last. */
    public long pid() {
        return process.pid();
    }

    /** The broker's id in the cluster. */
    public int nodeId() {
        return nodeId;
    }

    /**
     * Starts the stopped broker again on its old data and its old port, and waits until it serves.
     */
    public void restart() {
        try {
            Path file = directory.resolve("server.properties");
            try (Writer out = Files.newBufferedWriter(file)) {
                config.store(out, null);
            }
            process =
                    new ProcessBuilder(command(file))
                            .redirectError(directory.resolve("kafka.log").toFile())
                            .start();
            awaitReady();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops the broker in an orderly way: it closes its logs and tells its clients. */
    public void stop() {
        try {
            process.getOutputStream().close();
            awaitExit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the broker at once, as {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** Stops the process if it runs and removes its directory. */
    @Override
    public void close() {
        if (process != null) {
            kill();
        }
        try {
            Files.walkFileTree(
                    directory,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.delete(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path dir, IOException e)
                                throws IOException {
                            Files.delete(dir);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(Path file) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Short-lived: start fast, stay small.
        command.addAll(
                List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        command.add("-Dorg.slf4j.simpleLogger.log.org.apache.kafka=warn");
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(KafkaProcessMain.class.getName(), CLUSTER_ID, file.toString()));
        return command;
    }

    private void awaitReady() throws IOException {
        Thread watchdog = new Thread(this::killUnlessReady, "kafka-start-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.equals(KafkaProcessMain.READY)) {
                watchdog.interrupt();
                return;
            }
        }
        watchdog.interrupt();
        throw new IOException(
                "Apache Kafka did not start on "
                        + bootstrap()
                        + ": "
                        + Files.readString(directory.resolve("kafka.log")));
    }

    private void killUnlessReady() {
        try {
            if (!process.waitFor(START_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // ready in time
        }
    }

    private void awaitExit() {
        try {
            if (!process.waitFor(START_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("Apache Kafka on " + bootstrap() + " did not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
