package io.leat.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.LeatBroker;
import io.leat.wire.message.JoinGroupRequest;
import io.leat.wire.message.RequestHeader;
import io.leat.wire.schema.MessageCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A broker that runs out of memory. Without heap it ends at once, with an exit code that tells a
 * supervisor to start it again: an {@link OutOfMemoryError} may have struck any thread at any line,
 * and a broker that goes on would be one whose state nobody knows; a new start takes half a second.
 * Without memory for buffers only those who need them are refused, since Netty gives such a failure
 * to the one that asked. What was acknowledged is there afterwards in either case.
 */
class OutOfMemoryTest {
    private static final int ROUNDS = Integer.getInteger("leat.tests.starvations", 1);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int PARTITIONS = 2;
    private static final int EXIT_OUT_OF_MEMORY = 3;
    private static final Map<String, String> SETTINGS =
            Map.of("group.initial.rebalance.delay.ms", "0");

    /** So much that direct memory is gone before the bound is reached, unlike by default. */
    private static final Map<String, String> UNBOUNDED =
            Map.of("queued.max.request.bytes", "1000000000", "leat.request.receive.max.ms", "2000");

    private interface Starvation {
        void of(LeatBroker broker) throws Exception;
    }

    @Test
    void outOfHeapItEndsAndNothingIsLost() throws Exception {
        survives(
                SETTINGS,
                "-Xmx96m",
                broker -> {
                    for (int member = 0; broker.process().alive() && member < 2_000; member++) {
                        try (Glutton glutton = new Glutton(broker.bootstrap())) {
                            glutton.join(member, 8 << 20);
                        }
                    }
                    assertEquals(EXIT_OUT_OF_MEMORY, broker.process().awaitExit(LIMIT));
                    broker.start();
                });
    }

    @Test
    void outOfBuffersItRefusesAndNothingIsLost() throws Exception {
        survives(
                UNBOUNDED,
                "-Xmx256m -XX:MaxDirectMemorySize=48m",
                broker -> {
                    int lines = broker.process().lineCount();
                    List<Glutton> gluttons = new ArrayList<>();
                    try {
                        Await.until(
                                () -> "refusals: " + broker.process().describe(),
                                LIMIT,
                                () -> {
                                    Glutton glutton = new Glutton(broker.bootstrap());
                                    gluttons.add(glutton);
                                    glutton.half(8 << 20);
                                    return broker.process()
                                            .findLine(lines, line -> line.contains("direct memory"))
                                            .isPresent();
                                });
                    } finally {
                        gluttons.forEach(Glutton::close);
                    }
                    assertTrue(broker.process().alive());
                });
    }

    private static void survives(Map<String, String> settings, String jvm, Starvation starvation)
            throws Exception {
        try (LeatBroker broker = new LeatBroker(settings, Map.of("LEAT_JAVA_OPTS", jvm))) {
            broker.start();
            try (Workload workload = Workload.start(broker.bootstrap(), PARTITIONS, Map.of(), 1)) {
                workload.describing(broker.process()::describe).slowDown();
                for (int round = 0; round < ROUNDS; round++) {
                    workload.awaitAcknowledged(500, LIMIT);
                    workload.awaitCommits(1, LIMIT);
                    starvation.of(broker);
                }
                workload.awaitAcknowledged(500, LIMIT);
                workload.finish(LIMIT);
                Verdict verdict = workload.compareWith(broker.bootstrap(), LIMIT);
                verdict.requireFlawless(broker.process().describe());
                System.out.printf("starved %d times with %s: %s%n", ROUNDS, jvm, verdict);
            }
        }
    }

    /** A connection that asks for more than is good. */
    private static final class Glutton implements AutoCloseable {
        private final Socket socket = new Socket();

        Glutton(String bootstrap) {
            int colon = bootstrap.lastIndexOf(':');
            try {
                socket.connect(
                        new InetSocketAddress(
                                bootstrap.substring(0, colon),
                                Integer.parseInt(bootstrap.substring(colon + 1))));
                socket.setSoTimeout(10_000);
            } catch (IOException e) {
                // Refused: that is one way out.
            }
        }

        /** Joins a group of its own, with metadata of so many bytes that the group must keep. */
        void join(int member, int bytes) {
            JoinGroupRequest request =
                    new JoinGroupRequest(
                            "glutton-" + member,
                            600_000,
                            600_000,
                            "",
                            null,
                            "consumer",
                            List.of(
                                    new JoinGroupRequest.JoinGroupRequestProtocol(
                                            "range", ByteBuffer.allocate(bytes))),
                            null);
            send(11, (short) 3, MessageCodec.of(JoinGroupRequest.class).encode(request, (short) 3));
            try {
                var in = socket.getInputStream();
                byte[] size = in.readNBytes(4);
                if (size.length == 4) {
                    in.readNBytes(ByteBuffer.wrap(size).getInt());
                }
            } catch (IOException e) {
                // It has gone down meanwhile.
            }
        }

        /** The first half of a request of so many bytes. */
        void half(int bytes) {
            write(ByteBuffer.allocate(4).putInt(bytes).flip());
            write(ByteBuffer.allocate(bytes / 2));
        }

        private void send(int api, short version, ByteBuffer body) {
            ByteBuffer header =
                    MessageCodec.of(RequestHeader.class)
                            .encode(
                                    new RequestHeader((short) api, version, 1, "glutton"),
                                    (short) 1);
            write(
                    ByteBuffer.allocate(4 + header.remaining() + body.remaining())
                            .putInt(header.remaining() + body.remaining())
                            .put(header)
                            .put(body)
                            .flip());
        }

        private void write(ByteBuffer bytes) {
            try {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                socket.getOutputStream().write(copy);
            } catch (IOException e) {
                // Closed by the broker, or gone with it.
            }
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
