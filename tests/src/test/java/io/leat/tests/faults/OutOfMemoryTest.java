package io.leat.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.LeatBroker;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ConsumerGroupHeartbeatRequest;
import io.leat.wire.message.ConsumerGroupHeartbeatResponse;
import io.leat.wire.message.InitProducerIdRequest;
import io.leat.wire.message.InitProducerIdResponse;
import io.leat.wire.message.JoinGroupRequest;
import io.leat.wire.message.JoinGroupResponse;
import io.leat.wire.message.OffsetCommitRequest;
import io.leat.wire.message.OffsetCommitResponse;
import io.leat.wire.message.RequestHeader;
import io.leat.wire.message.ShareGroupHeartbeatRequest;
import io.leat.wire.message.ShareGroupHeartbeatResponse;
import io.leat.wire.message.StreamsGroupHeartbeatRequest;
import io.leat.wire.message.StreamsGroupHeartbeatResponse;
import io.leat.wire.schema.MessageCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
    private static final int NOTE_BYTES = 4_096;
    private static final int SPEECH_BYTES = 512 << 10;
    private static final int SPEECHES_MAX = 5_000;
    private static final Map<String, String> SETTINGS =
            Map.of("group.initial.rebalance.delay.ms", "0");

    /** What members say of themselves may take the whole heap, unlike by default. */
    private static final Map<String, String> UNBOUNDED_STATE =
            Map.of(
                    "group.initial.rebalance.delay.ms",
                    "0",
                    "leat.coordinator.state.max.bytes",
                    "1000000000");

    /** So much that direct memory is gone before the bound is reached, unlike by default. */
    private static final Map<String, String> UNBOUNDED =
            Map.of("queued.max.request.bytes", "1000000000", "leat.request.receive.max.ms", "2000");

    private interface Starvation {
        void of(LeatBroker broker) throws Exception;
    }

    @Test
    void outOfHeapItEndsAndNothingIsLost() throws Exception {
        survives(
                UNBOUNDED_STATE,
                "-Xmx96m",
                broker -> {
                    for (int member = 0; broker.process().alive() && member < 2_000; member++) {
                        try (Glutton glutton = new Glutton(broker.bootstrap())) {
                            var _ = glutton.ask(Speech.CLASSIC, member, 8 << 20);
                        }
                    }
                    assertEquals(EXIT_OUT_OF_MEMORY, broker.process().awaitExit(LIMIT));
                    broker.start();
                });
    }

    /**
     * By default there is room for a quarter of the heap of what clients say of themselves: who
     * brings more is told so, and nobody else notices.
     */
    @ParameterizedTest
    @EnumSource(Speech.class)
    void whatClientsSayOfThemselvesIsBounded(Speech speech) throws Exception {
        survives(
                SETTINGS,
                "-Xmx96m",
                broker -> {
                    try (Glutton glutton = new Glutton(broker.bootstrap())) {
                        assertEquals(
                                Optional.of(speech.refusal),
                                glutton.insist(speech),
                                () -> broker.process().describe());
                    }
                    assertTrue(broker.process().alive(), broker.process().describe());
                });
    }

    /** What a client can say that the broker has to remember. */
    enum Speech {
        CLASSIC(11, 3, ErrorCode.GROUP_MAX_SIZE_REACHED),
        CONSUMER(68, 0, ErrorCode.GROUP_MAX_SIZE_REACHED),
        SHARE(76, 1, ErrorCode.GROUP_MAX_SIZE_REACHED),
        STREAMS(88, 0, ErrorCode.GROUP_MAX_SIZE_REACHED),
        OFFSETS(8, 7, ErrorCode.GROUP_MAX_SIZE_REACHED),
        TRANSACTIONAL_ID(22, 1, ErrorCode.POLICY_VIOLATION);

        private final short api;
        private final short version;
        private final ErrorCode refusal;

        Speech(int api, int version, ErrorCode refusal) {
            this.api = (short) api;
            this.version = (short) version;
            this.refusal = refusal;
        }

        /** Something new, of about so many bytes. */
        ByteBuffer request(int number, int bytes) {
            String id = "glutton-" + number;
            return switch (this) {
                case CLASSIC ->
                        encode(
                                new JoinGroupRequest(
                                        id,
                                        600_000,
                                        600_000,
                                        "",
                                        null,
                                        "consumer",
                                        List.of(
                                                new JoinGroupRequest.JoinGroupRequestProtocol(
                                                        "range", ByteBuffer.allocate(bytes))),
                                        null));
                case CONSUMER ->
                        encode(
                                new ConsumerGroupHeartbeatRequest(
                                        id,
                                        id,
                                        0,
                                        null,
                                        null,
                                        60_000,
                                        topics(bytes),
                                        null,
                                        null,
                                        List.of()));
                case SHARE ->
                        encode(new ShareGroupHeartbeatRequest(id, id, 0, null, topics(bytes)));
                case STREAMS ->
                        encode(
                                new StreamsGroupHeartbeatRequest(
                                        id,
                                        id,
                                        0,
                                        0,
                                        null,
                                        null,
                                        60_000,
                                        topology(topics(bytes)),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        id,
                                        null,
                                        null,
                                        null,
                                        null,
                                        false));
                // There is a bound on what is noted down with one offset, so there are many.
                case OFFSETS ->
                        encode(new OffsetCommitRequest(id, -1, "", null, -1, List.of(positions())));
                case TRANSACTIONAL_ID ->
                        encode(
                                new InitProducerIdRequest(
                                        id + "-".repeat(Math.min(bytes, 32_000)),
                                        60_000,
                                        -1,
                                        (short) -1));
            };
        }

        private <T extends Record> ByteBuffer encode(T request) {
            @SuppressWarnings("unchecked")
            Class<T> type = (Class<T>) request.getClass();
            return MessageCodec.of(type).encode(request, version);
        }

        private boolean flexible() {
            return this == CONSUMER || this == SHARE || this == STREAMS;
        }

        ErrorCode error(ByteBuffer response) {
            return ErrorCode.of(
                    switch (this) {
                        case CLASSIC -> decode(JoinGroupResponse.class, response).errorCode();
                        case CONSUMER ->
                                decode(ConsumerGroupHeartbeatResponse.class, response).errorCode();
                        case SHARE ->
                                decode(ShareGroupHeartbeatResponse.class, response).errorCode();
                        case STREAMS ->
                                decode(StreamsGroupHeartbeatResponse.class, response).errorCode();
                        case OFFSETS ->
                                decode(OffsetCommitResponse.class, response)
                                        .topics()
                                        .getFirst()
                                        .partitions()
                                        .getFirst()
                                        .errorCode();
                        case TRANSACTIONAL_ID ->
                                decode(InitProducerIdResponse.class, response).errorCode();
                    });
        }

        private <T extends Record> T decode(Class<T> type, ByteBuffer response) {
            return MessageCodec.of(type).decode(response, version);
        }
    }

    private static OffsetCommitRequest.OffsetCommitRequestTopic positions() {
        String note = "n".repeat(NOTE_BYTES);
        return new OffsetCommitRequest.OffsetCommitRequestTopic(
                Workload.TOPIC,
                new UUID(0, 0),
                IntStream.range(0, PARTITIONS)
                        .mapToObj(partition ->
                                new OffsetCommitRequest.OffsetCommitRequestPartition(
                                        partition, 0, -1, note))
                        .toList());
    }

    private static List<String> topics(int bytes) {
        return IntStream.rangeClosed(0, bytes / 250)
                .mapToObj(i -> "%s-%05d".formatted("t".repeat(240), i))
                .toList();
    }

    private static StreamsGroupHeartbeatRequest.Topology topology(List<String> topics) {
        return new StreamsGroupHeartbeatRequest.Topology(
                1,
                List.of(
                        new StreamsGroupHeartbeatRequest.Subtopology(
                                "0", topics, List.of(), List.of(), List.of(), List.of(),
                                List.of())));
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

        /** Says new things until it hears that it is too much, or nothing any more. */
        Optional<ErrorCode> insist(Speech speech) {
            Optional<ErrorCode> answer = Optional.of(ErrorCode.NONE);
            for (int said = 0; answer.equals(Optional.of(ErrorCode.NONE)); said++) {
                assertTrue(said < SPEECHES_MAX, "there is no bound");
                answer = ask(speech, said, SPEECH_BYTES);
            }
            return answer;
        }

        /** Says something of so many bytes; there is no answer from a broker that goes down. */
        Optional<ErrorCode> ask(Speech speech, int number, int bytes) {
            send(speech, speech.request(number, bytes));
            try {
                InputStream in = socket.getInputStream();
                byte[] size = in.readNBytes(Integer.BYTES);
                if (size.length < Integer.BYTES) {
                    return Optional.empty();
                }
                byte[] response = in.readNBytes(ByteBuffer.wrap(size).getInt());
                int header = Integer.BYTES + (speech.flexible() ? 1 : 0);
                return Optional.of(
                        speech.error(
                                ByteBuffer.wrap(response, header, response.length - header)
                                        .slice()));
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        /** The first half of a request of so many bytes. */
        void half(int bytes) {
            write(ByteBuffer.allocate(4).putInt(bytes).flip());
            write(ByteBuffer.allocate(bytes / 2));
        }

        private void send(Speech speech, ByteBuffer body) {
            ByteBuffer header =
                    MessageCodec.of(RequestHeader.class)
                            .encode(
                                    new RequestHeader(speech.api, speech.version, 1, "glutton"),
                                    (short) (speech.flexible() ? 2 : 1));
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
