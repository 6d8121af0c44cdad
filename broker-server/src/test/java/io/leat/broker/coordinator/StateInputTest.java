package io.leat.broker.coordinator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.StorageException;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StateInputTest {
    @Property(tries = 200)
    void readsWhatWasWritten(
            @ForAll byte a, @ForAll int b, @ForAll long c, @ForAll String d, @ForAll byte[] e) {
        byte[] bytes =
                new StateOutput()
                        .int8(a)
                        .int32(b)
                        .int64(c)
                        .string(d.replaceAll("\\p{Cs}", "?"))
                        .string(Optional.empty())
                        .bytes(e)
                        .toBytes();
        StateInput in = new StateInput("entry", bytes);
        assertEquals(a, in.int8());
        assertEquals(b, in.int32());
        assertEquals(c, in.int64());
        assertEquals(d.replaceAll("\\p{Cs}", "?"), in.string());
        assertEquals(Optional.empty(), in.optionalString());
        assertArrayEquals(e, in.bytes());
        in.end();
    }

    @Test
    void damageIsNamed() {
        byte[] whole = new StateOutput().int8(1).string("hello").toBytes();
        for (int cut = 0; cut < whole.length; cut++) {
            StateInput in = new StateInput("the entry", Arrays.copyOf(whole, cut));
            StorageException e =
                    assertThrows(
                            StorageException.class,
                            () -> {
                                in.version(1);
                                in.string();
                            });
            assertTrue(e.getMessage().contains("the entry is damaged"), e.getMessage());
        }
        StateInput tooLong = new StateInput("the entry", new byte[] {1, 0});
        tooLong.version(1);
        assertThrows(StorageException.class, tooLong::end);
        StateInput newer = new StateInput("the entry", new byte[] {9});
        StorageException e = assertThrows(StorageException.class, () -> newer.version(1));
        assertTrue(e.getMessage().contains("format version 9"), e.getMessage());
    }
}
