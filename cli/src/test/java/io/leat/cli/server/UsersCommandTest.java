package io.leat.cli.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.cli.command.CommandFailure;
import org.junit.jupiter.api.Test;

final class UsersCommandTest {
    @Test
    void theEndOfTheInputIsNoPassword() {
        assertEquals("secret", UsersCommand.typed("secret".toCharArray()));
        CommandFailure none = assertThrows(CommandFailure.class, () -> UsersCommand.typed(null));
        assertTrue(none.getMessage().startsWith("No password was typed"), none::toString);
    }
}
