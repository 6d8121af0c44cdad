package io.leat.client.network;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.ByteBuffer;

/**
 * Cuts the stream into frames, each passed on as a heap buffer of its own that may be kept for
 * good: fetched records stay in it until they are read, with no reference to count.
 *
 * <pre>
 * +----------------+------------------+
 * | size, 4 bytes  | size bytes       |
 * +----------------+------------------+
 * </pre>
 */
final class FrameDecoder extends ChannelInboundHandlerAdapter {
    private static final int SIZE_BYTES = 4;

    private final int frameBytesMax;
    private final ByteBuffer size = ByteBuffer.allocate(SIZE_BYTES);
    private ByteBuffer filling = size;
    private boolean inFrame;

    FrameDecoder(int frameBytesMax) {
        this.frameBytesMax = frameBytesMax;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable()) {
                fill(in);
                if (!filling.hasRemaining()) {
                    filled(context);
                }
            }
        } finally {
            in.release();
        }
    }

    private void fill(ByteBuf in) {
        int limit = filling.limit();
        filling.limit(filling.position() + Math.min(filling.remaining(), in.readableBytes()));
        in.readBytes(filling);
        filling.limit(limit);
    }

    private void filled(ChannelHandlerContext context) {
        filling.flip();
        if (inFrame) {
            ByteBuffer frame = filling;
            filling = size.clear();
            inFrame = false;
            context.fireChannelRead(frame);
            return;
        }
        int frameBytes = size.getInt();
        if (frameBytes < SIZE_BYTES || frameBytes > frameBytesMax) {
            throw new CorruptedFrameException(
                    "a response of "
                            + frameBytes
                            + " bytes; between 4 and "
                            + frameBytesMax
                            + " are accepted");
        }
        filling = ByteBuffer.allocate(frameBytes);
        inFrame = true;
    }
}
