package io.leat.broker.network;

import io.leat.wire.ApiKey;
import io.leat.wire.message.RequestHeader;
import io.leat.wire.schema.ByteBufferSink;
import io.leat.wire.schema.MessageCodec;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;

/** Speaks the protocol by hand, well or badly. Every read gives up after ten seconds. */
public final class RawClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;

    public RawClient(InetSocketAddress address) throws IOException {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.connect(address, TIMEOUT_MILLIS);
        in = new DataInputStream(socket.getInputStream());
    }

    public Socket socket() {
        return socket;
    }

    /** Sends bytes as they are. */
    public void sendBytes(ByteBuffer bytes) throws IOException {
        byte[] array = new byte[bytes.remaining()];
        bytes.duplicate().get(array);
        socket.getOutputStream().write(array);
        socket.getOutputStream().flush();
    }

    /** Sends bytes as a frame. */
    public void sendFrame(ByteBuffer body) throws IOException {
        sendBytes(
                ByteBuffer.allocate(4 + body.remaining())
                        .putInt(body.remaining())
                        .put(body.duplicate())
                        .flip());
    }

    /** Sends a request. */
    public <Q extends Record> void send(
            ApiKey api, int version, int correlationId, Class<Q> type, Q request)
            throws IOException {
        sendFrame(encode(api, version, correlationId, type, request));
    }

    /** The body of a request's frame. */
    public static <Q extends Record> ByteBuffer encode(
            ApiKey api, int version, int correlationId, Class<Q> type, Q request) {
        MessageCodec<Q> codec = MessageCodec.of(type);
        ByteBufferSink sink = new ByteBufferSink();
        MessageCodec.of(RequestHeader.class)
                .encode(
                        new RequestHeader(api.id(), (short) version, correlationId, "raw"),
                        (short) (codec.flexible((short) version) ? 2 : 1),
                        sink);
        codec.encode(request, (short) version, sink);
        return sink.toBuffer();
    }

    /** The next response's frame, without its size. */
    public ByteBuffer receive() throws IOException {
        byte[] body = new byte[in.readInt()];
        in.readFully(body);
        return ByteBuffer.wrap(body);
    }

    /** The next response, whose correlation id must be the one given. */
    public <R extends Record> R receive(ApiKey api, int version, int correlationId, Class<R> type)
            throws IOException {
        ByteBuffer frame = receive();
        MessageCodec<R> codec = MessageCodec.of(type);
        int got = frame.getInt();
        if (got != correlationId) {
            throw new AssertionError("response to " + got + " instead of " + correlationId);
        }
        if (codec.flexible((short) version) && api != ApiKey.API_VERSIONS) {
            frame.get(); // no tagged fields
        }
        return codec.decode(frame, (short) version);
    }

    /** Sends and receives. */
    public <Q extends Record, R extends Record> R call(
            ApiKey api, int version, Class<Q> requestType, Class<R> responseType, Q request)
            throws IOException {
        send(api, version, 77, requestType, request);
        return receive(api, version, 77, responseType);
    }

    /** Waits until the other side has closed the connection; fails if it sends something. */
    public boolean closedByPeer() throws IOException {
        try {
            int read = in.read();
            if (read >= 0) {
                throw new AssertionError("the broker sent a byte");
            }
            return true;
        } catch (EOFException | SocketException e) {
            return true; // a reset is a close too
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
