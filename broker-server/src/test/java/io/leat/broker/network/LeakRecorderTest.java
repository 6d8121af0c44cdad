package io.leat.broker.network;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

/** The watch that all other tests rely on sees a lost buffer. */
class LeakRecorderTest {
    @Test
    void aLostBufferIsSeen() {
        boolean seen = false;
        for (int attempt = 0; attempt < 100 && !seen; attempt++) {
            lose();
            System.gc();
            ByteBuf probe = ByteBufAllocator.DEFAULT.directBuffer(16);
            assertTrue(probe.release());
            seen = !LeakRecorder.takeAll().isEmpty();
        }
        assertTrue(seen);
        assertFalse(LeakRecorder.takeAll().size() > 100);
    }

    private static void lose() {
        ByteBuf lost = ByteBufAllocator.DEFAULT.directBuffer(16);
        assertTrue(lost.isWritable());
    }
}
