package io.leat.client.network;

import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.RequestHeader;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseHeader;
import io.leat.wire.message.ResponseMessage;
import io.leat.wire.schema.MalformedMessageException;
import io.leat.wire.schema.MessageCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;

/**
 * Requests and responses with their headers.
 *
 * <pre>
 * request   size int32 | api key int16 | version int16 | correlation id int32 | client id | tags* | message
 * response               correlation id int32 | tags* | message
 *                        * where the message's version is flexible
 * </pre>
 */
final class Frame {
    private static final int INITIAL_BYTES = 512;
    private static final short FLEXIBLE_REQUEST_HEADER = 2;
    private static final short PLAIN_REQUEST_HEADER = 1;
    private static final short FLEXIBLE_RESPONSE_HEADER = 1;
    private static final short PLAIN_RESPONSE_HEADER = 0;

    private Frame() {}

    static <Q extends RequestMessage> ByteBuf encode(
            ByteBufAllocator allocator,
            Api<Q, ?> api,
            short version,
            int correlationId,
            String clientId,
            Q request) {
        MessageCodec<Q> codec = api.requestCodec().get();
        ByteBuf frame = allocator.directBuffer(INITIAL_BYTES);
        try {
            frame.writeInt(0);
            BufferSink sink = new BufferSink(frame);
            RequestHeader header =
                    new RequestHeader(api.key().id(), version, correlationId, clientId);
            short headerVersion =
                    codec.flexible(version) ? FLEXIBLE_REQUEST_HEADER : PLAIN_REQUEST_HEADER;
            MessageCodec.of(RequestHeader.class).encode(header, headerVersion, sink);
            codec.encode(request, version, sink);
            frame.setInt(0, frame.readableBytes() - Integer.BYTES);
            return frame;
        } catch (RuntimeException e) {
            frame.release();
            throw e;
        }
    }

    /**
     * Reads an answer.
     *
     * @throws MalformedMessageException if it is no answer to that request
     */
    static <R extends ResponseMessage> R decode(
            Api<?, R> api, short version, int correlationId, ByteBuffer frame) {
        MessageCodec<R> codec = api.responseCodec().get();
        // A broker that does not know the version of ApiVersions must be understood too, so its
        // header never changed.
        boolean flexible = codec.flexible(version) && api.key() != ApiKey.API_VERSIONS;
        short headerVersion = flexible ? FLEXIBLE_RESPONSE_HEADER : PLAIN_RESPONSE_HEADER;
        ResponseHeader header =
                MessageCodec.of(ResponseHeader.class).decodePrefix(frame, headerVersion);
        if (header.correlationId() != correlationId) {
            throw new MalformedMessageException(
                    "the answer has correlation id "
                            + header.correlationId()
                            + " instead of "
                            + correlationId);
        }
        return codec.decode(frame, isRefusal(api, frame) ? (short) 0 : version);
    }

    /** Whether a broker refuses the version of ApiVersions, which it does in version 0. */
    private static boolean isRefusal(Api<?, ?> api, ByteBuffer frame) {
        return api.key() == ApiKey.API_VERSIONS
                && frame.remaining() >= Short.BYTES
                && frame.getShort(frame.position()) == ErrorCode.UNSUPPORTED_VERSION.code();
    }
}
