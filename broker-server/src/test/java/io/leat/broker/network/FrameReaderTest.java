package io.leat.broker.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static final int FRAME_BYTES_MAX = 1 << 20;
    private static final ByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true);

    @Property(tries = 50)
    void framesComeOutAsTheyWentInHoweverTheyAreCut(
            @ForAll @Size(max = 8) List<@IntRange(max = 70_000) Integer> sizes,
            @ForAll long seed,
            @ForAll @IntRange(min = 100, max = 40_000) int pieceBytesMax) {
        Random random = new Random(seed);
        ByteBuf stream = Unpooled.buffer();
        List<ByteBuf> sent = new ArrayList<>();
        for (int size : sizes) {
            byte[] body = new byte[size];
            random.nextBytes(body);
            stream.writeInt(size).writeBytes(body);
            sent.add(Unpooled.wrappedBuffer(body));
        }
        FrameReader reader = new FrameReader(ALLOCATOR, FRAME_BYTES_MAX);
        List<ByteBuf> pieces = new ArrayList<>();
        List<ByteBuf> got = new ArrayList<>();
        while (stream.isReadable()) {
            int length = Math.min(stream.readableBytes(), 1 + random.nextInt(pieceBytesMax));
            ByteBuf piece = ALLOCATOR.directBuffer(length).writeBytes(stream, length);
            pieces.add(piece);
            reader.add(piece);
            ByteBuf frame;
            while ((frame = reader.next()) != null) {
                got.add(Unpooled.copiedBuffer(frame));
                frame.release();
            }
        }
        assertEquals(sent, got);
        pieces.forEach(piece -> assertEquals(0, piece.refCnt()));
    }

    @Test
    void aWholeFrameIsASliceOfWhatCame() {
        FrameReader reader = new FrameReader(ALLOCATOR, FRAME_BYTES_MAX);
        ByteBuf received = ALLOCATOR.directBuffer().writeInt(3).writeBytes(new byte[] {1, 2, 3});
        long address = received.memoryAddress();
        reader.add(received);
        ByteBuf frame = reader.next();
        assertEquals(address + 4, frame.memoryAddress());
        assertTrue(frame.release());
    }

    @Test
    void aNegativeSizeIsRefused() {
        assertRefused(-1, "negative size of -1");
        assertRefused(Integer.MIN_VALUE, "negative size");
    }

    @Test
    void aSizeBeyondTheBoundIsRefused() {
        assertRefused(FRAME_BYTES_MAX + 1, "more than socket.request.max.bytes=1048576");
        assertRefused(Integer.MAX_VALUE, "claims 2147483647 bytes");
    }

    private static void assertRefused(int size, String reason) {
        FrameReader reader = new FrameReader(ALLOCATOR, FRAME_BYTES_MAX);
        ByteBuf received = ALLOCATOR.directBuffer().writeInt(size).writeInt(7);
        reader.add(received);
        String message =
                assertThrows(FrameReader.FrameSizeException.class, reader::next).getMessage();
        assertTrue(message.contains(reason), message);
        reader.release();
        assertEquals(0, received.refCnt());
    }

    @Test
    void memoryFollowsWhatCameAndNotWhatIsClaimed() {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        FrameReader reader = new FrameReader(allocator, 100 << 20);
        reader.add(Unpooled.buffer().writeInt(100 << 20).writeZero(1000));
        assertNull(reader.next());
        long allocated = allocator.metric().usedDirectMemory();
        assertTrue(allocated <= 16 * 1024, "allocated " + allocated);
        reader.release();
    }

    @Test
    void halfAFrameIsFreedWithTheReader() {
        FrameReader reader = new FrameReader(ALLOCATOR, FRAME_BYTES_MAX);
        ByteBuf received = ALLOCATOR.directBuffer().writeInt(100).writeLong(1);
        reader.add(received);
        assertNull(reader.next());
        reader.release();
        assertEquals(0, received.refCnt());
        LeakRecorder.check();
    }

    @Test
    void knowsHowMuchOfAFrameHasCome() {
        FrameReader reader = new FrameReader(ALLOCATOR, FRAME_BYTES_MAX);
        assertEquals(0, reader.pendingBytes());
        for (int sent = 1; sent <= 9; sent++) {
            reader.add(ALLOCATOR.directBuffer().writeByte(sent == 4 ? 6 : 0));
            assertNull(reader.next());
            assertEquals(sent, reader.pendingBytes());
        }
        reader.add(ALLOCATOR.directBuffer().writeByte(0));
        ByteBuf body = reader.next();
        assertEquals(6, body.readableBytes());
        assertEquals(0, reader.pendingBytes());
        body.release();
        reader.release();
        LeakRecorder.check();
    }
}
