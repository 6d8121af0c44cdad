package io.leat.client.network;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The one daemon thread of a client: its connections, its timers, and the state that belongs to
 * them.
 */
public final class NetworkLoop implements Executor, AutoCloseable {
    /** Something scheduled that can be called off. */
    @FunctionalInterface
    public interface Timer {
        /** Calls it off unless it has run. */
        void cancel();
    }

    private static final Timer NEVER = () -> {};

    private final MultiThreadIoEventLoopGroup group;
    private final io.netty.channel.EventLoop loop;

    private NetworkLoop(MultiThreadIoEventLoopGroup group) {
        this.group = group;
        this.loop = group.next();
    }

    /** Starts a loop, whose thread comes to life with its first task. */
    public static NetworkLoop start(String threadName) {
        return new NetworkLoop(
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory(threadName, true), NioIoHandler.newFactory()));
    }

    /**
     * Runs a task on the loop; from the loop itself, after what runs now. Does nothing once the
     * loop is closed.
     */
    @Override
    public void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            if (!loop.isShuttingDown()) {
                throw e;
            }
        }
    }

    /** Runs a task on the loop: at once when called there. */
    public void run(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            execute(task);
        }
    }

    /** Runs a task on the loop after a delay. */
    public Timer schedule(Duration delay, Runnable task) {
        try {
            Future<?> future = loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            if (!loop.isShuttingDown()) {
                throw e;
            }
            return NEVER;
        }
    }

    /** Whether the caller is the loop's thread, which must never wait. */
    public boolean inLoop() {
        return loop.inEventLoop();
    }

    Bootstrap bootstrap() {
        return new Bootstrap().group(loop).channel(NioSocketChannel.class);
    }

    /**
     * Ends the loop and waits a moment for its thread, except when called on it. Whoever has
     * connections closes them before.
     */
    @Override
    public void close() {
        Future<?> unused = group.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        if (!inLoop()) {
            boolean ended = group.terminationFuture().awaitUninterruptibly(2, TimeUnit.SECONDS);
            assert ended : "the network loop did not end";
        }
    }
}
