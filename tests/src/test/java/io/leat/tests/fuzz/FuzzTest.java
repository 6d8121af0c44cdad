package io.leat.tests.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.LeatBroker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The broker takes any bytes: it stays up, answers the next good request, prints no stack trace,
 * loses no buffer, needs no more memory than it was given, and leaves its data directory in order.
 */
class FuzzTest {
    private static final int INPUTS = Integer.getInteger("leat.fuzz.inputs", 20_000);
    private static final long SEED = Long.getLong("leat.fuzz.seed", 1);
    private static final long FIRST = Long.getLong("leat.fuzz.first", 0);
    private static final int ON_ONE_CONNECTION = 8;
    private static final int ANSWER_MILLIS_MAX = 10_000;
    private static final long RESIDENT_BYTES_MAX = 900L << 20;
    private static final String JVM =
            "-Xmx192m -XX:MaxDirectMemorySize=128m -Dio.netty.leakDetection.level=advanced"
                    + " -Dio.netty.leakDetection.targetRecords=1 "
                    + System.getProperty("leat.fuzz.jvm", "");
    private static final Map<String, String> SETTINGS =
            Map.of("leat.partitions.max", "300", "auto.create.topics.enable", "false");

    private final FuzzInputs inputs = new FuzzInputs(SEED);
    private long largestResident;

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS) // the long form; the build's takes seconds
    void anyBytesDoNoHarm() throws Exception {
        try (LeatBroker broker = new LeatBroker(SETTINGS, Map.of("LEAT_JAVA_OPTS", JVM))) {
            broker.start();
            createTopics(broker);
            long began = System.nanoTime();
            try (Good good = new Good(broker.bootstrap())) {
                for (long next = FIRST; next < FIRST + INPUTS; next += ON_ONE_CONNECTION) {
                    long last = Math.min(next + ON_ONE_CONNECTION, FIRST + INPUTS);
                    send(broker.bootstrap(), next, last);
                    good.ask("inputs " + next + " to " + (last - 1), broker);
                    if ((next - FIRST) / ON_ONE_CONNECTION % 250 == 0) {
                        watchMemory(broker, next);
                    }
                }
            }
            watchMemory(broker, FIRST + INPUTS);
            checkLog(broker);
            broker.stop();
            checkLog(broker);
            checkDirectory(broker.logDirectory());
            broker.start();
            createTopics(broker);
            checkLog(broker);
            System.out.printf(
                    "fuzz: %,d inputs of seed %d from %d in %.1f s; largest resident %d MiB%n",
                    INPUTS, SEED, FIRST, (System.nanoTime() - began) / 1e9, largestResident >> 20);
        }
    }

    private static void createTopics(LeatBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            Set<String> there = admin.listTopics().names().get();
            if (!there.contains("fuzz")) {
                try {
                    admin.createTopics(List.of(new NewTopic("fuzz", 2, (short) 1))).all().get();
                } catch (ExecutionException e) {
                    throw new AssertionError("a topic can be made", e);
                }
            }
        }
    }

    /** Sends inputs by one connection, reads what comes back meanwhile, and goes away. */
    private void send(String bootstrap, long from, long to) throws IOException {
        try (SocketChannel channel = SocketChannel.open(address(bootstrap))) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            ByteBuffer sink = ByteBuffer.allocate(64 << 10);
            for (long number = from; number < to; number++) {
                ByteBuffer bytes = ByteBuffer.wrap(inputs.input(number));
                int idle = 0;
                while (bytes.hasRemaining() && idle < 2_000) {
                    idle = channel.write(bytes) == 0 ? idle + 1 : 0;
                    if (channel.read(sink.clear()) < 0) {
                        return;
                    }
                    if (idle > 0) {
                        LockSupport.parkNanos(100_000);
                    }
                }
            }
        } catch (IOException e) {
            // The broker has closed: that is its right.
        }
    }

    private void watchMemory(LeatBroker broker, long number) {
        long resident = broker.process().residentBytes().orElse(0L);
        largestResident = Math.max(largestResident, resident);
        assertTrue(
                resident < RESIDENT_BYTES_MAX,
                () -> "%d MiB resident after input %d".formatted(resident >> 20, number));
    }

    /** One line for each closed connection, and no bug among them. */
    private static void checkLog(LeatBroker broker) {
        List<String> bad =
                broker.process().lines().stream()
                        .filter(line ->
                                line.contains("ERROR")
                                        || line.contains("LEAK")
                                        || line.startsWith("\tat ")
                                        || line.contains("OutOfMemory"))
                        .limit(40)
                        .toList();
        assertEquals(List.of(), bad);
    }

    /** Only what the broker knows lies in its folder, and nothing beside it. */
    private static void checkDirectory(Path data) throws IOException {
        try (Stream<Path> beside = Files.list(data.getParent())) {
            assertEquals(List.of(data), beside.toList());
        }
        List<String> strange = new ArrayList<>();
        try (Stream<Path> files = Files.walk(data)) {
            files.map(file -> data.relativize(file).toString())
                    .filter(name -> name.contains("..") || name.contains("passwd"))
                    .forEach(strange::add);
        }
        assertEquals(List.of(), strange);
    }

    private static InetSocketAddress address(String bootstrap) {
        int colon = bootstrap.lastIndexOf(':');
        return new InetSocketAddress(
                bootstrap.substring(0, colon), Integer.parseInt(bootstrap.substring(colon + 1)));
    }

    /** A client that asks for ApiVersions on one connection, for all the time. */
    private static final class Good implements AutoCloseable {
        private static final byte[] REQUEST =
                HexFormat.of().parseHex("0000000c" + "00120000" + "00000007" + "0002" + "6f6b");
        private final Socket socket = new Socket();

        Good(String bootstrap) throws IOException {
            socket.connect(address(bootstrap));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(ANSWER_MILLIS_MAX);
        }

        void ask(String after, LeatBroker broker) {
            try {
                socket.getOutputStream().write(REQUEST);
                var in = socket.getInputStream();
                int size = ByteBuffer.wrap(in.readNBytes(4)).getInt();
                ByteBuffer answer = ByteBuffer.wrap(in.readNBytes(size));
                assertEquals(7, answer.getInt());
                assertEquals(0, answer.getShort());
            } catch (IOException | RuntimeException e) {
                throw new AssertionError(
                        "no answer after " + after + ": " + broker.process().describe(), e);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
