package io.leat.wire.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PayloadTest {
    @Test
    void sizeIsWhatRemains() {
        assertEquals(3, new Payload.OfBuffer(ByteBuffer.allocate(3)).sizeBytes());
    }

    @Property
    void sizes(@ForAll byte[] b) {
        assertEquals(b.length, new Payload.OfBuffer(ByteBuffer.wrap(b)).sizeBytes());
    }
}
