package io.leat.client.network;

import io.leat.client.network.TransportException.Reason;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import io.leat.wire.schema.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection to a broker: connects, over TLS where that is set, agrees on versions, says
 * who the client is where brokers want to know, then carries requests.
 *
 * <p>A broker answers the requests of a connection in their order, so those on the way are a queue,
 * and one that stays unanswered takes the whole connection with it. Lives on the loop.
 *
 * <pre>
 * connecting -> negotiating -> authenticating -> ready -> closed
 *      |             |              |  ^            |         ^
 *      |             |              |  +-- in time -+         |
 *      +-------------+--------------+-------------------------+
 * </pre>
 */
final class Connection {
    /** Who wants to know what becomes of a connection. Called on the loop. */
    interface Listener {
        void ready(Connection connection);

        /** A request was answered: the broker is well. */
        void answered();

        /** Called once, also when the connection never came to be. */
        void closed(TransportException why);
    }

    private record InFlight(
            Call<?, ?> call, short version, int correlationId, NetworkLoop.Timer timeout) {}

    /** When to authenticate again, of the time for which the broker believes the client. */
    private static final int REAUTHENTICATE_PERCENT = 85;

    private final NetworkLoop loop;
    private final HostPort address;
    private final ConnectionSettings settings;
    private final Listener listener;
    private final ArrayDeque<InFlight> inFlight = new ArrayDeque<>();
    private final ArrayDeque<Call<?, ?>> waiting = new ArrayDeque<>();
    private final NetworkLoop.Timer connectTimer;
    private ApiVersions versions = ApiVersions.UNKNOWN;
    private @Nullable Channel channel;
    private int lastCorrelationId;
    private boolean ready;
    // While the client says again who it is, nothing else may be said.
    private boolean held;
    private boolean closed;
    private NetworkLoop.@Nullable Timer reauthentication;

    private Connection(
            NetworkLoop loop, HostPort address, ConnectionSettings settings, Listener listener) {
        this.loop = loop;
        this.address = address;
        this.settings = settings;
        this.listener = listener;
        this.connectTimer = loop.schedule(settings.connectTimeout(), this::connectTimedOut);
    }

    /**
     * Starts to connect.
     *
     * @param attempt how many attempts failed before; each takes the next of the host's IP
     *     addresses
     */
    static Connection open(
            NetworkLoop loop,
            HostPort address,
            ConnectionSettings settings,
            int attempt,
            Listener listener) {
        Connection connection = new Connection(loop, address, settings, listener);
        Outcome.whenDone(
                Resolution.resolve(address, attempt),
                (target, failure) ->
                        loop.run(() -> {
                            if (failure == null) {
                                connection.connect(target);
                            } else {
                                connection.cannotResolve();
                            }
                        }));
        return connection;
    }

    boolean isReady() {
        return ready;
    }

    boolean isIdle() {
        return ready && inFlight.isEmpty() && waiting.isEmpty();
    }

    /** Sends a request, or keeps it until enough others are answered. Only when ready. */
    void send(Call<?, ?> call) {
        assert ready : "not ready";
        if (!held && inFlight.size() < settings.inFlightMax() && waiting.isEmpty()) {
            write(call);
        } else if (waiting.size() < settings.waitingMax()) {
            waiting.add(call);
        } else {
            call.fail(Reason.OVERLOADED, waiting.size() + " requests already wait for " + address);
        }
    }

    /** Ends the connection and fails all that it carries. */
    void close(TransportException why) {
        if (closed) {
            return;
        }
        closed = true;
        ready = false;
        connectTimer.cancel();
        if (reauthentication != null) {
            reauthentication.cancel();
        }
        if (channel != null) {
            ChannelFuture unused = channel.close();
        }
        for (InFlight next = inFlight.poll(); next != null; next = inFlight.poll()) {
            next.timeout.cancel();
            next.call.fail(why);
        }
        for (Call<?, ?> next = waiting.poll(); next != null; next = waiting.poll()) {
            next.fail(why);
        }
        listener.closed(why);
    }

    private void connect(InetSocketAddress target) {
        if (closed) {
            return;
        }
        ChannelFuture connecting =
                loop.bootstrap()
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        // The timer of this class covers the negotiation too.
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                        .handler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel created) {
                                        settings.security()
                                                .tls()
                                                .ifPresent(tls -> encrypt(created, tls));
                                        created.pipeline()
                                                .addLast(
                                                        new FrameDecoder(
                                                                settings.responseBytesMax()))
                                                .addLast(new Frames());
                                    }
                                })
                        .connect(target);
        channel = connecting.channel();
        ChannelFuture unused =
                connecting.addListener(done -> {
                    if (done.isSuccess()) {
                        secure(connecting.channel());
                    } else {
                        close(unreachable(done.cause()));
                    }
                });
    }

    private void encrypt(SocketChannel created, Encryption tls) {
        SslHandler handler = tls.handler(created.alloc(), address);
        // The timer of this class covers the handshake too.
        handler.setHandshakeTimeoutMillis(0);
        created.pipeline().addLast(handler);
    }

    private void secure(Channel connected) {
        SslHandler tls = connected.pipeline().get(SslHandler.class);
        if (tls == null) {
            negotiate();
            return;
        }
        Future<?> unused =
                tls.handshakeFuture()
                        .addListener(shaken -> {
                            if (shaken.isSuccess()) {
                                negotiate();
                            } else {
                                close(distrusted(shaken.cause()));
                            }
                        });
    }

    private void negotiate() {
        if (closed) {
            return;
        }
        Outcome.whenDone(
                VersionNegotiation.run(this::write, address, settings.connectTimeout()),
                (agreed, failure) -> {
                    if (closed) {
                        return;
                    }
                    if (failure == null) {
                        versions = agreed;
                        settings.security()
                                .sasl()
                                .ifPresentOrElse(this::authenticate, this::becomeReady);
                    } else {
                        close(cause(failure));
                    }
                });
    }

    private void becomeReady() {
        ready = true;
        connectTimer.cancel();
        listener.ready(this);
    }

    /** Says who the client is: at first, and whenever the broker's belief is about to end. */
    private void authenticate(Supplier<SaslConversation> sasl) {
        held = true;
        Outcome.whenDone(
                conversation(sasl)
                        .thenCompose(conversation ->
                                Authentication.run(
                                        this::write,
                                        address,
                                        settings.connectTimeout(),
                                        conversation)),
                (believed, failure) -> {
                    if (closed) {
                        return;
                    }
                    if (failure != null) {
                        close(cause(failure));
                        return;
                    }
                    held = false;
                    if (!believed.isZero()) {
                        Duration soon =
                                believed.multipliedBy(REAUTHENTICATE_PERCENT).dividedBy(100);
                        reauthentication = loop.schedule(soon, () -> authenticate(sasl));
                    }
                    if (ready) {
                        writeWaiting();
                    } else {
                        becomeReady();
                    }
                });
    }

    /** Where tokens come from is not this client's code. */
    private CompletableFuture<SaslConversation> conversation(Supplier<SaslConversation> sasl) {
        try {
            return CompletableFuture.completedFuture(sasl.get());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(
                    new TransportException(
                            Reason.NOT_AUTHENTICATED,
                            "there is nothing to authenticate with: " + e.getMessage(),
                            e));
        }
    }

    private void write(Call<?, ?> call) {
        int version = versions.choose(call.api());
        if (version < 0) {
            call.fail(Reason.UNSUPPORTED, versions.whyNot(call.api(), address));
        } else {
            write(call, (short) version);
        }
    }

    private <Q extends RequestMessage, R extends ResponseMessage> void write(
            Call<Q, R> call, short version) {
        Channel open = Objects.requireNonNull(channel, "not connected");
        int correlationId = ++lastCorrelationId & Integer.MAX_VALUE;
        ByteBuf frame;
        try {
            frame =
                    Frame.encode(
                            open.alloc(),
                            call.api(),
                            version,
                            correlationId,
                            settings.clientId(),
                            call.request());
        } catch (RuntimeException e) {
            call.answer().completeExceptionally(e);
            return;
        }
        if (call.answerWhenWritten().isPresent()) {
            R answer = call.answerWhenWritten().get();
            ChannelFuture unused =
                    open.writeAndFlush(frame)
                            .addListener(done -> {
                                if (done.isSuccess()) {
                                    call.answer().complete(answer);
                                } else {
                                    call.fail(failed(done.cause()));
                                }
                            });
            return;
        }
        NetworkLoop.Timer timer = loop.schedule(call.timeout(), () -> timedOut(call));
        inFlight.add(new InFlight(call, version, correlationId, timer));
        ChannelFuture unused =
                open.writeAndFlush(frame)
                        .addListener(done -> {
                            if (!done.isSuccess()) {
                                close(failed(done.cause()));
                            }
                        });
    }

    private void answered(ByteBuffer frame) {
        InFlight head = inFlight.poll();
        if (head == null) {
            close(
                    new TransportException(
                            Reason.MALFORMED, address + " answered what nobody asked"));
            return;
        }
        head.timeout.cancel();
        complete(head, head.call, frame);
        writeWaiting();
    }

    private void writeWaiting() {
        while (!closed && !held && inFlight.size() < settings.inFlightMax() && !waiting.isEmpty()) {
            write(waiting.remove());
        }
    }

    private <R extends ResponseMessage> void complete(
            InFlight head, Call<?, R> call, ByteBuffer frame) {
        R answer;
        try {
            answer = Frame.decode(call.api(), head.version, head.correlationId, frame);
        } catch (MalformedMessageException e) {
            TransportException why =
                    new TransportException(
                            Reason.MALFORMED,
                            address
                                    + " answered "
                                    + call.api().name()
                                    + " with what is no such answer: "
                                    + e.getMessage(),
                            e);
            call.fail(why);
            close(why);
            return;
        }
        if (ready) {
            listener.answered();
        }
        call.answer().complete(answer);
    }

    private void timedOut(Call<?, ?> call) {
        close(
                new TransportException(
                        Reason.TIMED_OUT,
                        address
                                + " did not answer "
                                + call.api().name()
                                + " within "
                                + millis(call.timeout())));
    }

    private void connectTimedOut() {
        String stage =
                channel != null && channel.isActive()
                        ? " accepted the connection but said nothing"
                        : " did not answer";
        close(
                new TransportException(
                        Reason.UNREACHABLE,
                        address
                                + stage
                                + " within "
                                + millis(settings.connectTimeout())
                                + "; check that a broker listens there and that no firewall drops"
                                + " the packets"));
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + " ms";
    }

    private void cannotResolve() {
        close(
                new TransportException(
                        Reason.UNREACHABLE,
                        "the host name \""
                                + address.host()
                                + "\" is not known here; check its spelling and the DNS"));
    }

    private TransportException unreachable(Throwable cause) {
        String text =
                cause instanceof java.net.ConnectException
                        ? address
                                + " refused the connection; check that the broker runs and listens"
                                + " there"
                        : address + " cannot be reached: " + cause.getMessage();
        return new TransportException(Reason.UNREACHABLE, text, cause);
    }

    private TransportException distrusted(Throwable cause) {
        if (!(cause instanceof SSLException)) {
            return new TransportException(
                    Reason.DISCONNECTED,
                    address
                            + " ended the connection during the TLS handshake; check that it"
                            + " speaks TLS there",
                    cause);
        }
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new TransportException(
                Reason.NOT_AUTHENTICATED,
                "TLS with " + address + " failed: " + root.getMessage(),
                cause);
    }

    private TransportException cause(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return cause instanceof TransportException known ? known : failed(cause);
    }

    private TransportException failed(Throwable cause) {
        return new TransportException(
                Reason.DISCONNECTED,
                "the connection to " + address + " broke: " + cause.getMessage(),
                cause);
    }

    /** The end of the pipeline. */
    private final class Frames extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            answered((ByteBuffer) message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            String hint =
                    ready
                            ? ""
                            : " before it said anything; check whether it wants TLS or SASL there";
            close(
                    new TransportException(
                            Reason.DISCONNECTED, address + " closed the connection" + hint));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            close(failed(cause));
        }
    }
}
