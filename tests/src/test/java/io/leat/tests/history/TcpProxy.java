package io.leat.tests.history;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A network between clients and a broker that can be cut, and made to swallow what it is given. */
final class TcpProxy implements AutoCloseable {
    private static final int BACKLOG = 50;
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int CONNECT_MILLIS_MAX = 2_000;

    /** What the network does. */
    enum State {
        WORKING,
        /** Connections are broken off, and new ones too. */
        CUT,
        /** Connections stay, and nothing passes. */
        STALLED
    }

    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object changed = new Object();
    private volatile Optional<InetSocketAddress> target = Optional.empty();
    // Guarded by changed; read without where a late look does no harm.
    private volatile State state = State.WORKING;
    private volatile boolean closed;

    /** Listens; connections are broken off until there is a broker behind it. */
    TcpProxy() {
        try {
            server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** From now on connections go to that address, host and port. */
    void connect(String address) {
        int colon = address.lastIndexOf(':');
        target =
                Optional.of(
                        new InetSocketAddress(
                                address.substring(0, colon),
                                Integer.parseInt(address.substring(colon + 1))));
    }

    void become(State next) {
        synchronized (changed) {
            state = next;
            changed.notifyAll();
        }
        if (next == State.CUT) {
            sockets.forEach(TcpProxy::end);
        }
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException e) {
                // The end of the test, or of a client.
            }
        }
    }

    private void connect(Socket client) {
        Socket broker = new Socket();
        sockets.add(client);
        sockets.add(broker);
        try {
            Optional<InetSocketAddress> address = target;
            if (state == State.CUT || closed || address.isEmpty()) {
                throw new IOException("cut");
            }
            broker.connect(address.get(), CONNECT_MILLIS_MAX);
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().start(() -> pass(broker, client));
            pass(client, broker);
            back.join();
        } catch (IOException e) {
            // Clients see it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(client);
            end(broker);
            sockets.remove(client);
            sockets.remove(broker);
        }
    }

    /** Until one side ends; then both do. */
    private void pass(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[CHUNK_BYTES];
            int count;
            while ((count = in.read(chunk)) >= 0) {
                awaitMoving();
                out.write(chunk, 0, count);
            }
        } catch (IOException e) {
            // Clients see it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(from);
            end(to);
        }
    }

    private void awaitMoving() throws InterruptedException {
        synchronized (changed) {
            while (state == State.STALLED && !closed) {
                changed.wait();
            }
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone.
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        become(State.CUT);
    }
}
