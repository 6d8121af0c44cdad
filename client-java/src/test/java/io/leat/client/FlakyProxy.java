package io.leat.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A loopback proxy in front of a broker that breaks connections: by itself, right after so many
 * bytes went to the broker, so that requests arrive whose answers never do; or on demand. It can
 * also hold everything up.
 */
final class FlakyProxy implements AutoCloseable {
    private final ServerSocket server;
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytesUntilCut = new AtomicLong(Long.MAX_VALUE);
    private final AtomicInteger cutsLeft = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();
    private final Random random = new Random(42);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition resumed = lock.newCondition();
    private volatile int targetPort;
    private volatile int cutBytesMax = 1;
    private boolean held;

    FlakyProxy() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    String bootstrap() {
        return "127.0.0.1:" + port();
    }

    /** Starts to forward to this port. */
    void forwardTo(int port) {
        targetPort = port;
        start(this::accept);
    }

    /** Cuts so many connections, each after a number of bytes between 1 and the given one. */
    void cutOften(int times, int bytesMax) {
        cuts.set(0);
        cutsLeft.set(times);
        cutBytesMax = bytesMax;
        bytesUntilCut.set(1 + random.nextInt(bytesMax));
    }

    int cuts() {
        return cuts.get();
    }

    /** Cuts all connections now. */
    void cutAll() {
        open.forEach(FlakyProxy::closeQuietly);
    }

    /** Forwards nothing until {@link #resume}; connections stay. */
    void hold() {
        lock.lock();
        try {
            held = true;
        } finally {
            lock.unlock();
        }
    }

    void resume() {
        lock.lock();
        try {
            held = false;
            resumed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.add(client);
                Socket broker = new Socket(InetAddress.getLoopbackAddress(), targetPort);
                open.add(broker);
                start(() -> pump(client, broker, true));
                start(() -> pump(broker, client, false));
            } catch (IOException e) {
                // The broker is down, or the proxy closes: a client notices that its connection is
                // gone.
                cutAll();
            }
        }
    }

    private void pump(Socket from, Socket to, boolean counted) {
        byte[] buffer = new byte[4096];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                waitWhileHeld();
                out.write(buffer, 0, read);
                if (counted && isTimeToCut(read)) {
                    return;
                }
            }
        } catch (IOException e) {
            // One side is gone, so the other goes too.
            open.remove(from);
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private boolean isTimeToCut(int bytes) {
        if (bytesUntilCut.addAndGet(-bytes) > 0 || cutsLeft.get() <= 0) {
            return false;
        }
        boolean cut = cutsLeft.decrementAndGet() >= 0;
        bytesUntilCut.set(1 + random.nextInt(cutBytesMax));
        if (cut) {
            cuts.incrementAndGet();
        }
        return cut;
    }

    private void waitWhileHeld() {
        lock.lock();
        try {
            while (held) {
                resumed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "flaky-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closeQuietly(server);
        resume();
        cutAll();
    }
}
