package io.leat.broker.network;

import io.leat.broker.api.ClientConnection;
import io.leat.broker.api.CloseConnection;
import io.leat.broker.api.PendingReply;
import io.leat.broker.api.Reply;
import io.leat.broker.api.RequestRouter;
import io.leat.broker.api.RequestScope;
import io.leat.broker.api.Session;
import io.leat.broker.config.Endpoint;
import io.leat.wire.schema.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: cuts requests out of what comes in, hands them to the router in order, and sends
 * the replies in that order, whenever they are ready.
 *
 * <p>Back-pressure: with too many unanswered requests, too many bytes of them, or a client that
 * does not take its replies, it takes no further request and stops reading from the socket. Replies
 * that cannot be sent yet are not encoded: they hold leases, not memory.
 *
 * <p>Owned by the connection's event loop; only {@link #completed} is called by other threads.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionHandler.class);

    /** The largest request of a client that has not authenticated. */
    private static final int STRANGERS_BYTES_MAX = 512 << 10;

    private final NetworkConfig config;
    private final RequestMemory memory;
    private final RequestRouter router;
    private final Listener listener;
    private final long number;
    private final ArrayDeque<Exchange> inFlight = new ArrayDeque<>();
    private final AtomicBoolean drainQueued = new AtomicBoolean();
    private final Runnable drain = this::drain;

    // Set when the channel is active, before anything is read.
    private @Nullable ChannelHandlerContext context;
    private @Nullable Session session;
    private @Nullable FrameReader frames;

    /** Ends the connection of who does not authenticate. */
    private @Nullable Future<?> patience;

    private @Nullable Future<?> idleCheck;
    private long activeNanos;
    private long unsentBytes;

    private long inFlightBytes;
    private int muted;
    private boolean awaitingMemory;
    private boolean receiveTimed;
    private long receivingSinceNanos;
    private boolean accepting;
    private boolean unflushed;
    private boolean stopping;
    private boolean closing;
    private volatile boolean closed;

    ConnectionHandler(
            NetworkConfig config,
            RequestMemory memory,
            RequestRouter router,
            Listener listener,
            long number) {
        this.config = config;
        this.memory = memory;
        this.router = router;
        this.listener = listener;
        this.number = number;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        InetSocketAddress remote = (InetSocketAddress) ctx.channel().remoteAddress();
        InetSocketAddress local = (InetSocketAddress) ctx.channel().localAddress();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        ctx.channel().closeFuture().addListener(future -> ended.complete(null));
        context = ctx;
        activeNanos = System.nanoTime();
        if (config.idleMillisMax() > 0) {
            checkIdleIn(ctx, config.idleMillisMax());
        }
        frames = new FrameReader(ctx.alloc(), config.requestBytesMax());
        Session.Gate gate = listener.gate();
        session =
                new Session(
                        gate,
                        InstantSource.system(),
                        new ClientConnection(
                                Endpoint.text(remote) + "-" + number,
                                remote,
                                local,
                                listener.endpoint().name(),
                                ClientConnection.ANONYMOUS,
                                gate.authorizer().accessOf(ClientConnection.ANONYMOUS, remote),
                                ctx.channel().eventLoop(),
                                ended));
        if (!session.known()) {
            patience =
                    ctx.executor()
                            .schedule(
                                    this::giveUp,
                                    config.authenticationMillisMax(),
                                    TimeUnit.MILLISECONDS);
        }
    }

    private void checkIdleIn(ChannelHandlerContext ctx, long millis) {
        idleCheck = ctx.executor().schedule(() -> checkIdle(ctx), millis, TimeUnit.MILLISECONDS);
    }

    /** Closes a connection by which nothing has come or gone for long. */
    private void checkIdle(ChannelHandlerContext ctx) {
        // A large reply to a slow client: its parts go one by one.
        long unsent = ctx.channel().bytesBeforeWritable();
        if (unsent != unsentBytes) {
            unsentBytes = unsent;
            activeNanos = System.nanoTime();
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - activeNanos);
        if (millis >= config.idleMillisMax()) {
            LOG.debug("Closed connection {}: idle", id());
            var _ = ctx.close();
        } else {
            checkIdleIn(ctx, config.idleMillisMax() - millis);
        }
    }

    /** The client has had long enough to say who it is. */
    private void giveUp() {
        if (session != null && !session.known() && !closed) {
            refuse("it did not authenticate in %d ms".formatted(config.authenticationMillisMax()));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (frames == null || closing || stopping) {
            ((ByteBuf) message).release();
            return;
        }
        activeNanos = System.nanoTime();
        memory.take(((ByteBuf) message).readableBytes());
        frames.add((ByteBuf) message);
        accept();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            drain();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && session != null) {
            if (handshake.isSuccess()) {
                listener.certificatePrincipal(ctx.pipeline()).ifPresent(session::identify);
            } else {
                LOG.info("Closed connection {}: TLS: {}", id(), Tls.reason(handshake.cause()));
                listener.failed(session.connection(), Tls.reason(handshake.cause()));
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException) {
            LOG.debug("Lost connection {}: TLS: {}", id(), cause.getMessage());
            var _ = ctx.close(); // the handshake's end has told why
        } else if (cause instanceof IOException) {
            LOG.debug("Lost connection {}: {}", id(), cause.getMessage());
            var _ = ctx.close();
        } else {
            fail(cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!closing && !stopping && frames != null && frames.pendingBytes() > 0) {
            LOG.warn(
                    "Lost connection {}: it ended inside a request, {} bytes after its start",
                    id(),
                    frames.pendingBytes());
        }
        closing = true;
        closed = true;
        if (patience != null) {
            patience.cancel(false);
        }
        if (idleCheck != null) {
            idleCheck.cancel(false);
        }
        if (frames != null) {
            memory.giveBack(frames.pendingBytes());
            frames.release();
        }
        List.copyOf(inFlight).forEach(Exchange::cancel);
        drain();
    }

    /** Answers what is under way without waiting for more, then closes. On the event loop. */
    void stop() {
        stopping = true;
        if (context != null) {
            context.channel().config().setAutoRead(true); // what comes is dropped
            List.copyOf(inFlight).forEach(Exchange::cancel);
            drain();
        }
    }

    /** Takes as many requests as the bounds allow. */
    private void accept() {
        if (accepting || context == null || frames == null) {
            return;
        }
        accepting = true;
        try {
            ByteBuf frame;
            while (open() && (frame = nextFrame(frames)) != null) {
                receivingSinceNanos = 0; // whatever has come of the next one has come just now
                accept(frame);
            }
        } catch (FrameReader.FrameSizeException | MalformedMessageException | CloseConnection e) {
            refuse(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            fail(e);
        } finally {
            accepting = false;
        }
        flush();
        boolean open = open();
        boolean room = roomForRequest();
        context.channel().config().setAutoRead(stopping || (open && room));
        if (open && room) {
            timeReceiving();
        } else if (open && !awaitingMemory) {
            awaitingMemory = true;
            memory.await(this::roomAgain);
        }
    }

    /** Any thread. */
    private void roomAgain() {
        if (context != null) {
            try {
                context.executor()
                        .execute(() -> {
                            awaitingMemory = false;
                            accept();
                        });
            } catch (RejectedExecutionException e) {
                LOG.trace("The loop of {} has ended", id());
            }
        }
    }

    /** Whether the next bytes may be read: those of a request that has begun to come always. */
    private boolean roomForRequest() {
        return memory.hasRoom() || (frames != null && frames.pendingBytes() > 0);
    }

    /** Sees to it that a request whose first bytes have come comes in whole, or not at all. */
    private void timeReceiving() {
        if (frames == null || context == null || frames.pendingBytes() == 0) {
            receivingSinceNanos = 0;
            return;
        }
        if (receivingSinceNanos == 0) {
            receivingSinceNanos = System.nanoTime() | 1;
        }
        if (!receiveTimed) {
            receiveTimed = true;
            var _ =
                    context.executor()
                            .schedule(
                                    this::checkReceiving,
                                    config.receiveMillisMax(),
                                    TimeUnit.MILLISECONDS);
        }
    }

    private void checkReceiving() {
        receiveTimed = false;
        if (closing || receivingSinceNanos == 0) {
            return;
        }
        long millis = (System.nanoTime() - receivingSinceNanos) / 1_000_000;
        boolean reading = open() && roomForRequest();
        if (reading && millis >= config.receiveMillisMax()) {
            refuse("a request has not come in whole within %d ms".formatted(millis));
        } else {
            if (!reading) {
                receivingSinceNanos = System.nanoTime() | 1; // it is not the client who is slow
            }
            timeReceiving();
        }
    }

    /** Does not listen to the client for a while (KIP-219). */
    private void mute(int millis) {
        if (millis > 0 && context != null) {
            muted++;
            var _ =
                    context.executor()
                            .schedule(
                                    () -> {
                                        muted--;
                                        accept();
                                    },
                                    millis,
                                    TimeUnit.MILLISECONDS);
        }
    }

    /** Who is not known yet may not fill the memory. */
    private @Nullable ByteBuf nextFrame(FrameReader from) {
        boolean known = session != null && session.known();
        from.bound(
                known
                        ? config.requestBytesMax()
                        : Math.min(config.requestBytesMax(), STRANGERS_BYTES_MAX));
        return from.next();
    }

    private void accept(ByteBuf frame) {
        int bytes = frame.readableBytes();
        PendingReply pending;
        try {
            if (session == null) {
                throw new IllegalStateException("not active");
            }
            pending = router.route(frame.nioBuffer(), session);
        } catch (RuntimeException | Error e) {
            frame.release();
            memory.giveBack(FrameReader.SIZE_BYTES + bytes);
            throw e;
        }
        Exchange exchange = new Exchange(bytes, pending);
        inFlight.add(exchange);
        inFlightBytes += exchange.requestBytes();
        exchange.await(frame, () -> completed(exchange));
    }

    private boolean open() {
        return !closing
                && !stopping
                && inFlight.size() < config.inflightRequestsMax()
                && inFlightBytes < config.inflightBytesMax()
                && muted == 0
                && context != null
                && context.channel().isWritable();
    }

    /** A request has its outcome. Any thread. */
    private void completed(Exchange exchange) {
        if (session == null) {
            return;
        }
        if (closed) {
            exchange.end();
        }
        if (context != null && context.channel().eventLoop().inEventLoop()) {
            drain();
        } else if (drainQueued.compareAndSet(false, true)) {
            try {
                session.connection().loop().execute(drain);
            } catch (RejectedExecutionException e) {
                exchange.end(); // the loop has ended, and every connection with it
            }
        }
    }

    /** Sends what is ready, in order. */
    private void drain() {
        drainQueued.set(false);
        if (closed) {
            inFlight.removeIf(exchange -> {
                boolean ended = exchange.endIfCompleted();
                if (ended) {
                    memory.giveBack(FrameReader.SIZE_BYTES + exchange.requestBytes());
                }
                return ended;
            });
            return;
        }
        Exchange head;
        while (!closing
                && context != null
                && context.channel().isWritable()
                && (head = inFlight.peek()) != null
                && head.completed()) {
            inFlight.remove();
            inFlightBytes -= head.requestBytes();
            memory.giveBack(FrameReader.SIZE_BYTES + head.requestBytes());
            mute(head.throttleMillis());
            send(head);
        }
        if (!accepting) {
            flush();
            accept();
        }
        if (stopping && inFlight.isEmpty() && !closing && context != null) {
            closing = true;
            part(context);
        }
    }

    /**
     * Says that nothing more comes, and lets the client be the one who closes, until the server
     * loses its patience: a socket that is closed while its client sends resets the connection, and
     * with it goes what the client has not read yet.
     */
    private static void part(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(sent -> {
                    SslHandler tls = ctx.pipeline().get(SslHandler.class);
                    ChannelFuture last =
                            tls == null ? ctx.newSucceededFuture() : tls.closeOutbound();
                    last.addListener(told -> endOutput(ctx));
                });
    }

    private static void endOutput(ChannelHandlerContext ctx) {
        if (ctx.channel() instanceof DuplexChannel duplex) {
            var _ = duplex.shutdownOutput();
        }
    }

    private void send(Exchange exchange) {
        Optional<Throwable> failure = exchange.failure();
        if (failure.isPresent()) {
            exchange.end();
            fail(failure.get());
            return;
        }
        Optional<Reply> reply = exchange.reply();
        if (reply.isEmpty()) {
            exchange.end();
            return;
        }
        write(exchange, reply.get());
    }

    private void write(Exchange exchange, Reply reply) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        ByteBufSink sink = null;
        List<ReferenceCounted> parts;
        try {
            sink = new ByteBufSink(ctx.alloc(), listener.tls().isEmpty());
            reply.encode(sink);
            parts = sink.finish();
        } catch (RuntimeException | Error e) {
            // Errors too: Netty's of memory, and the JVM's where the disk cannot give a page that
            // is to be copied.
            if (sink != null) {
                sink.release();
            }
            exchange.end();
            fail(e);
            return;
        }
        unflushed = true;
        int last = parts.size() - 1;
        for (int index = 0; index < last; index++) {
            var _ = ctx.write(parts.get(index), ctx.voidPromise());
        }
        // Writes end in order: with the last part, also where the connection dies, all have. What
        // waits for that must not hold the exchange: a client that does not read what it asked for
        // would keep the objects of every reply, many times their bytes.
        RequestScope scope = exchange.scope();
        ctx.write(parts.get(last))
                .addListener(written -> {
                    scope.end();
                    activeNanos = System.nanoTime();
                });
        if (exchange.closesConnection()) {
            closing = true;
            unflushed = false;
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void flush() {
        if (unflushed && context != null) {
            unflushed = false;
            context.flush();
        }
    }

    /** Closes because of what the client did. */
    private void refuse(String reason) {
        LOG.warn("Closed connection {}: {}", id(), reason);
        close();
    }

    /** Closes because of {@code cause}, which is a bug unless it says otherwise. */
    private void fail(Throwable cause) {
        Throwable root =
                cause instanceof CompletionException && cause.getCause() != null
                        ? cause.getCause()
                        : cause;
        if (root instanceof CloseConnection || root instanceof MalformedMessageException) {
            refuse(String.valueOf(root.getMessage()));
        } else if (root instanceof OutOfMemoryError) {
            // Netty's, which fails the one allocation; without heap the JVM ends by itself.
            refuse("no direct memory is left for it: " + root.getMessage());
        } else {
            LOG.error("Closed connection {}: unexpected failure", id(), root);
            close();
        }
    }

    private void close() {
        closing = true;
        if (context != null) {
            flush();
            var _ = context.close();
        }
    }

    private String id() {
        return session == null ? "#" + number : session.connection().id();
    }
}
