package io.leat.tests.comparison;

import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.FreePort;
import io.leat.tests.harness.JavaCommand;
import io.leat.tests.harness.TestBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Apache Kafka as a user gets it: one node in KRaft mode, the entries of the {@code
 * server.properties} that it ships, and the JVM options of its start script but for JMX and the log
 * of the garbage collector, which cost it a little. Its own log goes to its output by the library
 * that is here, not by the one that it ships. The storage is formatted beforehand and not counted.
 */
final class ShippedKafka implements TestBroker {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String CLUSTER_ID = "leat-compare-cluster-A";

    private final Path directory = Folders.createTemporary("shipped-kafka-");
    private final Path data = directory.resolve("data");
    private final Path file = directory.resolve("server.properties");
    private final int port = FreePort.next();
    private ChildProcess process;
    private Duration lastStart = Duration.ZERO;

    ShippedKafka(Map<String, String> settings) {
        int controllerPort = FreePort.next();
        Properties config = new Properties();
        config.setProperty("process.roles", "broker,controller");
        config.setProperty("node.id", "1");
        config.setProperty("controller.quorum.bootstrap.servers", "127.0.0.1:" + controllerPort);
        config.setProperty(
                "listeners",
                "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        config.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        config.setProperty("inter.broker.listener.name", "PLAINTEXT");
        config.setProperty("controller.listener.names", "CONTROLLER");
        config.setProperty("num.network.threads", "3");
        config.setProperty("num.io.threads", "8");
        config.setProperty("socket.send.buffer.bytes", "102400");
        config.setProperty("socket.receive.buffer.bytes", "102400");
        config.setProperty("socket.request.max.bytes", "104857600");
        config.setProperty("log.dirs", data.toString());
        config.setProperty("num.partitions", "1");
        config.setProperty("num.recovery.threads.per.data.dir", "2");
        config.setProperty("offsets.topic.replication.factor", "1");
        config.setProperty("share.coordinator.state.topic.replication.factor", "1");
        config.setProperty("share.coordinator.state.topic.min.isr", "1");
        config.setProperty("transaction.state.log.replication.factor", "1");
        config.setProperty("transaction.state.log.min.isr", "1");
        config.setProperty("log.retention.hours", "168");
        config.setProperty("log.segment.bytes", "1073741824");
        config.setProperty("log.retention.check.interval.ms", "300000");
        settings.forEach(config::setProperty);
        try (Writer out = Files.newBufferedWriter(file)) {
            config.store(out, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        format();
    }

    private void format() {
        List<String> command =
                JavaCommand.of(
                        JavaCommand.testClassPath(),
                        "kafka.tools.StorageTool",
                        List.of(),
                        List.of("format", "--standalone", "-t", CLUSTER_ID, "-c", file.toString()));
        try (var tool = ChildProcess.start("kafka-format", directory, command)) {
            tool.awaitSuccess(LIMIT);
        }
    }

    @Override
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void start() {
        long began = System.nanoTime();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx1G", "-Xms1G", "-server", "-XX:+UseG1GC"));
        command.add("-XX:MaxGCPauseMillis=20");
        command.add("-XX:InitiatingHeapOccupancyPercent=35");
        command.add("-XX:+ExplicitGCInvokesConcurrent");
        command.add("-XX:MaxInlineLevel=15");
        command.add("-Djava.awt.headless=true");
        // Its log, as it is shipped; these tests keep it down.
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=info");
        command.add("-Dorg.slf4j.simpleLogger.log.org.apache.kafka=info");
        command.addAll(List.of("-cp", JavaCommand.testClassPath(), "kafka.Kafka", file.toString()));
        process = ChildProcess.start("kafka", directory, command);
        process.awaitLine("start", LIMIT, line -> line.contains("Kafka Server started"));
        lastStart = Duration.ofNanos(System.nanoTime() - began);
    }

    @Override
    public void stop() {
        process.terminate();
        process.awaitExit(LIMIT);
    }

    @Override
    public void kill() {
        process.kill();
    }

    @Override
    public String lastOutput() {
        return process == null ? "" : process.describe();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public Duration lastStart() {
        return lastStart;
    }

    @Override
    public Path logDirectory() {
        return data;
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
        Folders.delete(directory);
    }
}
