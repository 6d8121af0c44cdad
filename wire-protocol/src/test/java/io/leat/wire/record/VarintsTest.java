package io.leat.wire.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.junit.jupiter.api.Test;

class VarintsTest {
    @Property
    void anIntIsReadBackAndHasTheBytesOfKafkas(@ForAll int value) {
        ByteBuffer ours = ByteBuffer.allocate(Varints.INT_BYTES_MAX);
        ByteBuffer theirs = ByteBuffer.allocate(Varints.INT_BYTES_MAX);
        Varints.putInt(ours, value);
        ByteUtils.writeVarint(value, theirs);

        assertEquals(theirs.flip(), ours.flip());
        assertEquals(ours.limit(), Varints.sizeBytes(value));
        assertEquals(value, Varints.getInt(ours));
        assertEquals(0, ours.remaining());
    }

    @Property
    void aLongIsReadBackAndHasTheBytesOfKafkas(@ForAll long value) {
        ByteBuffer ours = ByteBuffer.allocate(Varints.LONG_BYTES_MAX);
        ByteBuffer theirs = ByteBuffer.allocate(Varints.LONG_BYTES_MAX);
        Varints.putLong(ours, value);
        ByteUtils.writeVarlong(value, theirs);

        assertEquals(theirs.flip(), ours.flip());
        assertEquals(ours.limit(), Varints.sizeBytes(value));
        assertEquals(value, Varints.getLong(ours));
        assertEquals(0, ours.remaining());
    }

    @Test
    void sizesAreRightAtEveryPowerOfTwo() {
        for (int bit = 0; bit < Long.SIZE; bit++) {
            for (long value : new long[] {(1L << bit) - 1, 1L << bit, -(1L << bit)}) {
                assertEquals(ByteUtils.sizeOfVarlong(value), Varints.sizeBytes(value));
                assertEquals(ByteUtils.sizeOfVarint((int) value), Varints.sizeBytes((int) value));
            }
        }
    }

    @Test
    void moreBitsThanFitAreRefused() {
        byte[] ones = new byte[10];
        java.util.Arrays.fill(ones, (byte) 0xff);
        byte[] tooLongInt = {-1, -1, -1, -1, 0x10};
        byte[] tooLongLong = {-1, -1, -1, -1, -1, -1, -1, -1, -1, 0x02};

        assertRefused(() -> Varints.getInt(ByteBuffer.wrap(ones)));
        assertRefused(() -> Varints.getInt(ByteBuffer.wrap(tooLongInt)));
        assertRefused(() -> Varints.getLong(ByteBuffer.wrap(ones)));
        assertRefused(() -> Varints.getLong(ByteBuffer.wrap(tooLongLong)));
    }

    @Test
    void anEndWithinANumberIsAnUnderflow() {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {-1, -1});

        assertThrows(BufferUnderflowException.class, () -> Varints.getInt(bytes.duplicate()));
        assertThrows(BufferUnderflowException.class, () -> Varints.getLong(bytes.duplicate()));
    }

    private static void assertRefused(org.junit.jupiter.api.function.Executable read) {
        InvalidBatchException thrown = assertThrows(InvalidBatchException.class, read);
        assertEquals(Flaw.MALFORMED_RECORD, thrown.flaw());
    }
}
