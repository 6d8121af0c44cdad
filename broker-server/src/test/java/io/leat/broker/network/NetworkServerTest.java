package io.leat.broker.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.access.AccessRules;
import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.ApiRegistry;
import io.leat.broker.api.CloseConnection;
import io.leat.broker.api.RequestContext;
import io.leat.broker.api.RequestObserver;
import io.leat.broker.api.RequestRouter;
import io.leat.broker.api.SlicePayload;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.ConfigException;
import io.leat.broker.config.Endpoint;
import io.leat.storage.api.LogSlice;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.FetchRequest;
import io.leat.wire.message.FetchResponse;
import io.leat.wire.message.FetchResponse.FetchableTopicResponse;
import io.leat.wire.message.FetchResponse.PartitionData;
import io.leat.wire.message.HeartbeatRequest;
import io.leat.wire.message.HeartbeatResponse;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkServerTest {
    private static final int SLICE_BYTES = 1 << 20;
    private static final int FILED_SLICES = 20;

    /** What must not be sent where a file has the bytes. */
    private static final ByteBuffer FORGED = ByteBuffer.allocateDirect(SLICE_BYTES);

    /** The generation of a heartbeat that the handler cannot take. */
    private static final int BROKEN = -7;

    @TempDir private Path directory;

    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
    private final AtomicInteger leases = new AtomicInteger();
    private volatile WeakReference<List<PartitionData>> lastFetched = new WeakReference<>(null);
    private volatile Optional<FileChannel> file = Optional.empty();
    private NetworkServer server;

    /** The slice whose bytes cannot be read. */
    private volatile int unreadable = -1;

    /** Where the bytes that a fetch is answered with stand. */
    enum Place {
        MEMORY,
        FILE
    }

    /** A heartbeat that waits for the test to answer it. */
    private record Asked(
            RequestContext context,
            HeartbeatRequest request,
            CompletableFuture<HeartbeatResponse> reply) {
        void answer() {
            assertTrue(reply.complete(new HeartbeatResponse(0, (short) request.generationId())));
        }
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
        await(() -> leases.get() == 0);
        LeakRecorder.check();
        if (file.isPresent()) {
            assertTrue(file.get().isOpen(), "the file is the lease's to close");
            file.get().close();
        }
    }

    @Test
    void repliesLeaveInTheOrderOfTheRequests() throws Exception {
        try (RawClient client = connect(Map.of())) {
            for (int number = 0; number < 20; number++) {
                heartbeat(client, number);
            }
            await(() -> asked.size() == 20);
            List<Asked> backwards = List.copyOf(asked).reversed();
            backwards.forEach(Asked::answer);
            for (int number = 0; number < 20; number++) {
                assertEquals(number, heartbeatReply(client, number));
            }
        }
    }

    @Test
    void unansweredRequestsStopTheReading() throws Exception {
        try (RawClient client = connect(Map.of("leat.connection.inflight.requests.max", "3"))) {
            for (int number = 0; number < 10; number++) {
                heartbeat(client, number);
            }
            await(() -> asked.size() == 3);
            for (int number = 0; number < 10; number++) {
                await(() -> !asked.isEmpty());
                assertTrue(asked.size() <= 3);
                Asked next = asked.remove();
                assertEquals(number, next.request().generationId());
                next.answer();
                assertEquals(number, heartbeatReply(client, number));
            }
        }
    }

    @Test
    void unansweredBytesStopTheReading() throws Exception {
        try (RawClient client = connect(Map.of("leat.connection.inflight.bytes.max", "4096"))) {
            String long5k = "x".repeat(5_000);
            for (int number = 0; number < 3; number++) {
                client.send(
                        ApiKey.HEARTBEAT,
                        4,
                        number,
                        HeartbeatRequest.class,
                        new HeartbeatRequest(long5k, number, "m", null));
            }
            for (int number = 0; number < 3; number++) {
                await(() -> asked.size() == 1);
                Asked next = asked.remove();
                assertEquals(number, next.request().generationId());
                next.answer();
                assertEquals(number, heartbeatReply(client, number));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void leasedBytesArriveUnchangedAndTheLeaseEnds(Place place) throws Exception {
        keep(place);
        try (RawClient client = connect(Map.of())) {
            FetchResponse response = fetch(client, 4);
            assertEquals(4, response.responses().getFirst().partitions().size());
            for (PartitionData partition : response.responses().getFirst().partitions()) {
                assertEquals(pattern(partition.partitionIndex()), partition.records().bytes());
            }
            await(() -> leases.get() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void leasesEndWhenTheConsumerDoesNotReadAndDies(Place place) throws Exception {
        keep(place);
        try (RawClient client = connect(Map.of())) {
            client.socket().setReceiveBufferSize(4096);
            for (int number = 0; number < 20; number++) {
                sendFetch(client, number, 20);
            }
            await(() -> leases.get() > 0);
            // What is not sent yet is bounded by one reply and the socket's buffers.
            assertTrue(leases.get() <= 20 * 20, "leases: " + leases.get());
        }
        await(() -> leases.get() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void aSlowConsumerIsReadNoFurther(Place place) throws Exception {
        keep(place);
        try (RawClient client = connect(Map.of());
                RawClient other = new RawClient(address())) {
            for (int number = 0; number < 60; number++) {
                sendFetch(client, number, 4);
            }
            await(() -> leases.get() > 0);
            // Both have the same event loop: once it has answered, it had its turns at the fetches.
            for (int number = 0; number < 5; number++) {
                roundTrip(other, number);
            }
            assertTrue(leases.get() < 60 * 4, "all replies are under way: " + leases.get());
            for (int number = 0; number < 60; number++) {
                FetchResponse response = fetchReply(client, number);
                assertEquals(4, response.responses().getFirst().partitions().size());
            }
        }
    }

    @Test
    void aFileThatEndsTooEarlyClosesTheConnectionOfItsReaderAlone() throws Exception {
        keep(Place.FILE);
        try (RawClient good = connect(Map.of());
                RawClient reader = new RawClient(address())) {
            file.orElseThrow().truncate(SLICE_BYTES / 2);
            sendFetch(reader, 1, 1);
            IOException end = Assertions.assertThrows(IOException.class, reader::receive);
            assertFalse(end instanceof SocketTimeoutException, "the reader waits for the rest");
            roundTrip(good, 7);
        }
    }

    @Test
    void whatASlowConsumerHasNotTakenIsBytesAndNoObjects() throws Exception {
        try (RawClient client = connect(Map.of())) {
            sendFetch(client, 1, 40);
            await(() -> leases.get() == 40);
            await(() -> {
                System.gc();
                return lastFetched.refersTo(null);
            });
            assertEquals(40, leases.get(), "sent already");
            assertEquals(40, fetchReply(client, 1).responses().getFirst().partitions().size());
        }
    }

    @Test
    void aRequestThatWaitsIsToldThatItsConnectionIsGone() throws Exception {
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        RawClient client = connect(Map.of());
        heartbeat(client, 1);
        await(() -> asked.size() == 1);
        asked.element().context().scope().onCancel(() -> cancelled.complete(null));
        client.close();
        assertEquals(null, cancelled.get(10, TimeUnit.SECONDS));
        asked.remove().answer();
    }

    @Test
    void badFramesCloseTheirConnectionAndNoOther() throws Exception {
        Random random = new Random(42);
        byte[] noise = new byte[300];
        random.nextBytes(noise);
        ByteBuffer.wrap(noise).putInt(noise.length - 4);
        List<ByteBuffer> bad =
                List.of(
                        ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).flip(),
                        ByteBuffer.allocate(4).putInt(-1).flip(),
                        ByteBuffer.allocate(4).putInt(0).flip(),
                        ByteBuffer.allocate(8).putInt(4).putInt(7).flip(),
                        frame((short) 999, (short) 0),
                        frame((short) -1, (short) 0),
                        frame(ApiKey.HEARTBEAT.id(), (short) 99),
                        frame(ApiKey.HEARTBEAT.id(), (short) -1),
                        frame(ApiKey.HEARTBEAT.id(), (short) 4),
                        ByteBuffer.wrap(noise),
                        ByteBuffer.wrap(
                                "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        try (RawClient good = connect(Map.of())) {
            for (ByteBuffer bytes : bad) {
                try (RawClient client = new RawClient(address())) {
                    client.sendBytes(bytes);
                    assertTrue(client.closedByPeer());
                }
                roundTrip(good, 5);
            }
            await(() -> server.connectionCount() == 1);
        }
    }

    @Test
    void halfAFrameIsForgottenWithItsConnection() throws Exception {
        try (RawClient good = connect(Map.of())) {
            RawClient half = new RawClient(address());
            half.sendBytes(ByteBuffer.allocate(1000).putInt(100_000).rewind());
            await(() -> server.connectionCount() == 2);
            half.close();
            await(() -> server.connectionCount() == 1);
            roundTrip(good, 6);
        }
    }

    /** Such as of a native library that cannot be loaded, with each request again. */
    @Test
    void anErrorOfAHandlerCostsItsConnectionAndNoMemory() throws Exception {
        try (RawClient good = connect(Map.of())) {
            for (int number = 0; number < 3; number++) {
                try (RawClient client = new RawClient(address())) {
                    heartbeat(client, BROKEN);
                    assertTrue(client.closedByPeer());
                }
            }
            roundTrip(good, 5);
            await(() -> server.requestBytes() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void anErrorWhileAReplyIsEncodedClosesTheConnection(int slices) throws Exception {
        try (RawClient good = connect(Map.of());
                RawClient client = new RawClient(address())) {
            unreadable = slices - 1;
            sendFetch(client, 1, slices);
            assertTrue(client.closedByPeer());
            roundTrip(good, 5);
            await(() -> leases.get() == 0);
        }
    }

    /**
     * One request after the other, in time, and never a moment at which nothing has come of one.
     */
    @Test
    void requestsThatFollowCloselyAreEachTimedByThemselves() throws Exception {
        long limitMillis = 1_500;
        try (RawClient client =
                connect(Map.of("leat.request.receive.max.ms", Long.toString(limitMillis)))) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * limitMillis);
            int number = 0;
            ByteBuffer frame = heartbeatFrame(number);
            int half = frame.remaining() / 2;
            client.sendBytes(frame.slice(0, half));
            while (System.nanoTime() < end) {
                ByteBuffer next = heartbeatFrame(number + 1);
                client.sendBytes(
                        ByteBuffer.allocate(frame.remaining())
                                .put(frame.slice(half, frame.remaining() - half))
                                .put(next.slice(0, half))
                                .flip());
                await(() -> !asked.isEmpty());
                asked.remove().answer();
                assertEquals(number, heartbeatReply(client, number));
                frame = next;
                number++;
            }
            assertTrue(number > 1);
        }
    }

    @Test
    void aHandlerMayCloseTheConnection() throws Exception {
        try (RawClient client = connect(Map.of())) {
            heartbeat(client, 1);
            await(() -> asked.size() == 1);
            assertTrue(asked.remove().reply().completeExceptionally(new CloseConnection("enough")));
            assertTrue(client.closedByPeer());
        }
    }

    @Test
    void anIdleConnectionIsClosed() throws Exception {
        try (RawClient client = connect(Map.of("connections.max.idle.ms", "100"))) {
            assertTrue(client.closedByPeer());
        }
    }

    @Test
    void aConnectionInUseIsNotIdle() throws Exception {
        long idleMillis = 1_500;
        try (RawClient client =
                connect(Map.of("connections.max.idle.ms", Long.toString(idleMillis)))) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * idleMillis);
            while (System.nanoTime() < end) {
                roundTrip(client, 5);
            }
            assertTrue(client.closedByPeer());
        }
    }

    @Test
    void connectionsBeyondTheBoundAreClosed() throws Exception {
        try (RawClient first = connect(Map.of("max.connections", "1"))) {
            roundTrip(first, 1);
            try (RawClient second = new RawClient(address())) {
                assertTrue(second.closedByPeer());
            }
            roundTrip(first, 2);
        }
    }

    @Test
    void stoppingAnswersWhatIsUnderWay() throws Exception {
        try (RawClient client = connect(Map.of())) {
            heartbeat(client, 3);
            await(() -> asked.size() == 1);
            Asked waiting = asked.remove();
            waiting.context().scope().onCancel(waiting::answer);
            long begin = System.nanoTime();
            server.close();
            assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(2));
            assertEquals(3, heartbeatReply(client, 3));
            assertTrue(client.closedByPeer());
        }
    }

    @Test
    void stoppingDoesNotWaitForEver() throws Exception {
        try (RawClient client = connect(Map.of())) {
            heartbeat(client, 3);
            await(() -> asked.size() == 1);
            long begin = System.nanoTime();
            server.close();
            assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(2));
            assertTrue(client.closedByPeer());
            asked.remove().answer();
        }
    }

    @Test
    void aPortInUseIsToldInOneLine() throws Exception {
        try (RawClient client = connect(Map.of());
                NetworkServer other = new NetworkServer(BrokerConfig.defaults())) {
            assertNotNull(client);
            ConfigException refused =
                    Assertions.assertThrows(
                            ConfigException.class,
                            () ->
                                    other.bind(
                                            List.of(
                                                    Listener.open(
                                                            new Endpoint(
                                                                    "PLAINTEXT",
                                                                    "127.0.0.1",
                                                                    address().getPort()))),
                                            router()));
            assertEquals(
                    "Cannot listen on 127.0.0.1:"
                            + address().getPort()
                            + ": the address is in use already. Stop what uses it, or choose"
                            + " another address",
                    refused.getMessage());
        }
    }

    // ---- a client and a server

    private RawClient connect(Map<String, String> settings) throws IOException {
        Map<String, String> all = new HashMap<>(settings);
        all.put("num.network.threads", "1");
        server = new NetworkServer(BrokerConfig.of(all));
        server.bind(List.of(Listener.open(new Endpoint("PLAINTEXT", "127.0.0.1", 0))), router());
        return new RawClient(address());
    }

    private InetSocketAddress address() {
        return server.addresses().get("PLAINTEXT");
    }

    private RequestRouter router() {
        ApiHandler<HeartbeatRequest, HeartbeatResponse> heartbeats =
                (context, request) -> {
                    if (request.generationId() == BROKEN) {
                        throw new NoClassDefFoundError("a codec, says the test");
                    }
                    Asked next = new Asked(context, request, new CompletableFuture<>());
                    asked.add(next);
                    return next.reply();
                };
        ApiRegistry registry =
                new ApiRegistry()
                        .add(
                                ApiKey.HEARTBEAT,
                                HeartbeatRequest.class,
                                HeartbeatResponse.class,
                                heartbeats)
                        .add(ApiKey.FETCH, FetchRequest.class, FetchResponse.class, this::slices);
        return new RequestRouter(
                registry, new AccessRules(id -> Optional.empty()), RequestObserver.NONE);
    }

    /** Answers with as many slices as the fetch asks for bytes. */
    private CompletionStage<FetchResponse> slices(RequestContext context, FetchRequest request) {
        List<PartitionData> partitions =
                IntStream.range(0, request.minBytes())
                        .mapToObj(number -> {
                            LogSlice slice = slice(number);
                            context.scope().hold(slice);
                            return PartitionData.of(
                                    number, ErrorCode.NONE, 1, 1, 0, new SlicePayload(slice));
                        })
                        .toList();
        lastFetched = new WeakReference<>(partitions);
        return CompletableFuture.completedFuture(
                new FetchResponse(
                        0,
                        ErrorCode.NONE.code(),
                        0,
                        List.of(new FetchableTopicResponse("t", new UUID(0, 0), partitions)),
                        List.of()));
    }

    private LogSlice slice(int number) {
        return file.<LogSlice>map(channel ->
                        new Slice(
                                number,
                                FORGED,
                                new LogSlice.FileRange(channel, (long) number * SLICE_BYTES)))
                .orElseGet(() -> new Slice(number, pattern(number), null));
    }

    /** Has fetches be answered from there. */
    private void keep(Place place) throws IOException {
        if (place == Place.FILE) {
            FileChannel channel =
                    FileChannel.open(
                            Files.createFile(directory.resolve("slices")),
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            for (int number = 0; number < FILED_SLICES; number++) {
                channel.write(pattern(number), (long) number * SLICE_BYTES);
            }
            file = Optional.of(channel);
        }
    }

    private final class Slice implements LogSlice {
        private final int number;
        private final ByteBuffer bytes;
        private final @Nullable FileRange range;

        private Slice(int number, ByteBuffer bytes, @Nullable FileRange range) {
            this.number = number;
            this.bytes = bytes;
            this.range = range;
            leases.incrementAndGet();
        }

        @Override
        public int sizeBytes() {
            return bytes.remaining();
        }

        @Override
        public ByteBuffer bytes() {
            if (number == unreadable) {
                throw new InternalError("the disk does not give a page, says the test");
            }
            return bytes.asReadOnlyBuffer();
        }

        @Override
        public Optional<FileRange> fileRange() {
            return Optional.ofNullable(range);
        }

        @Override
        public void close() {
            leases.decrementAndGet();
        }
    }

    private static ByteBuffer pattern(int number) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(SLICE_BYTES);
        for (int index = 0; index < SLICE_BYTES; index += Integer.BYTES) {
            bytes.putInt(index, index * 31 + number);
        }
        return bytes;
    }

    private static ByteBuffer frame(short api, short version) {
        return ByteBuffer.allocate(16)
                .putInt(12)
                .putShort(api)
                .putShort(version)
                .putInt(1)
                .putInt(-1)
                .flip();
    }

    private static void heartbeat(RawClient client, int number) throws IOException {
        client.sendBytes(heartbeatFrame(number));
    }

    private static ByteBuffer heartbeatFrame(int number) {
        ByteBuffer body =
                RawClient.encode(
                        ApiKey.HEARTBEAT,
                        4,
                        number,
                        HeartbeatRequest.class,
                        new HeartbeatRequest("group", number, "member", null));
        return ByteBuffer.allocate(4 + body.remaining()).putInt(body.remaining()).put(body).flip();
    }

    private static int heartbeatReply(RawClient client, int number) throws IOException {
        return client.receive(ApiKey.HEARTBEAT, 4, number, HeartbeatResponse.class).errorCode();
    }

    private void roundTrip(RawClient client, int number) throws IOException {
        heartbeat(client, number);
        await(() -> !asked.isEmpty());
        asked.remove().answer();
        assertEquals(number, heartbeatReply(client, number));
    }

    private static void sendFetch(RawClient client, int number, int slices) throws IOException {
        client.send(
                ApiKey.FETCH,
                12,
                number,
                FetchRequest.class,
                new FetchRequest(
                        null,
                        -1,
                        new FetchRequest.ReplicaState(-1, -1),
                        0,
                        slices,
                        1,
                        (byte) 0,
                        0,
                        -1,
                        List.of(),
                        List.of(),
                        ""));
    }

    private static FetchResponse fetchReply(RawClient client, int number) throws IOException {
        return client.receive(ApiKey.FETCH, 12, number, FetchResponse.class);
    }

    private static FetchResponse fetch(RawClient client, int slices) throws IOException {
        sendFetch(client, 1, slices);
        return fetchReply(client, 1);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited for 10 seconds");
            LockSupport.parkNanos(1_000_000);
        }
    }
}
