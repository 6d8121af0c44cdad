package io.leat.broker.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.coordinator.MemoryStateStore;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a connection remembers of the ACLs stays small, whatever its client asks for. */
class AclAccessTest {
    private final Acls acls =
            new Acls(
                    new MemoryStateStore(),
                    List.of(),
                    false,
                    (principal, host, operation, type, name) -> {});
    private final AclAccess access = new AclAccess(acls, "User:eve", "10.0.0.7", false);

    @Test
    void longNamesAreAnsweredAndForgotten() {
        for (int i = 0; i < 100; i++) {
            String name = "x".repeat(30_000) + i;
            assertFalse(access.may(Operation.READ, ResourceType.GROUP, name));
        }
        assertEquals(0, access.rememberedChars());
    }

    @Test
    void soManyShortOnesAreRemembered() {
        for (int i = 0; i < 5_000; i++) {
            assertFalse(access.may(Operation.READ, ResourceType.GROUP, "group-" + i));
        }
        assertTrue(access.rememberedChars() > 0);
        assertTrue(access.rememberedChars() <= 1_000 * "group-1234".length());
    }
}
