package io.leat.tests.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** A plain socket to a broker: sends any bytes, and sees whether the broker closes. */
public final class RawConnection implements AutoCloseable {
    private final Socket socket = new Socket();

    /** Connects. */
    public RawConnection(String bootstrap) {
        int colon = bootstrap.lastIndexOf(':');
        String host = bootstrap.substring(0, colon);
        int port = Integer.parseInt(bootstrap.substring(colon + 1));
        try {
            socket.connect(new InetSocketAddress(host, port), 60_000);
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address by which the broker knows this connection. */
    int localPort() {
        return socket.getLocalPort();
    }

    /** Sends; a broker that has already closed is no failure here. */
    public void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            // Closed by the broker: awaitClosed tells.
        }
    }

    /** Sends; whether the connection takes it. */
    boolean trySend(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Tells the broker that nothing more will come. */
    void endOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            // Closed by the broker: awaitClosed tells.
        }
    }

    /** Whether the broker closed the connection within the limit, without an answer. */
    boolean awaitClosed(Duration limit) {
        try {
            socket.setSoTimeout((int) limit.toMillis());
            return socket.getInputStream().read() == -1;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true; // reset, because bytes were left unread
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next answer, without its length. */
    public ByteBuffer readAnswer(Duration limit) {
        return nextAnswer(limit)
                .orElseThrow(() -> new IllegalStateException("closed without an answer"));
    }

    /** The next answer, without its length; empty when the broker has ended the connection. */
    Optional<ByteBuffer> nextAnswer(Duration limit) {
        try {
            socket.setSoTimeout((int) limit.toMillis());
            var in = socket.getInputStream();
            byte[] length = in.readNBytes(Integer.BYTES);
            if (length.length == 0) {
                return Optional.empty();
            }
            ByteBuffer answer = ByteBuffer.allocate(ByteBuffer.wrap(length).getInt());
            int read = in.readNBytes(answer.array(), 0, answer.capacity());
            if (read < answer.capacity()) {
                throw new IllegalStateException("the broker closed inside an answer");
            }
            return Optional.of(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
