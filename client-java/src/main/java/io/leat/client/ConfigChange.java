package io.leat.client;

import java.util.Objects;
import java.util.Optional;

/**
 * A change of one setting.
 *
 * @param operation what to do
 * @param name the setting's key
 * @param value what with; empty for {@link Operation#DELETE}
 */
public record ConfigChange(Operation operation, String name, Optional<String> value) {
    /** What to do with a setting. */
    public enum Operation {
        /** Give it a value. */
        SET((byte) 0),
        /** Go back to the default. */
        DELETE((byte) 1),
        /** Add to a list. */
        APPEND((byte) 2),
        /** Take out of a list. */
        SUBTRACT((byte) 3);

        private final byte wire;

        Operation(byte wire) {
            this.wire = wire;
        }

        byte wire() {
            return wire;
        }
    }

    public ConfigChange {
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(name, "name");
        Check.that(
                value.isPresent() != (operation == Operation.DELETE),
                "setting "
                        + name
                        + ": "
                        + operation
                        + (value.isPresent() ? " takes no value" : " needs a value"));
    }

    /** Gives the setting a value. */
    public static ConfigChange set(String name, String value) {
        return new ConfigChange(Operation.SET, name, Optional.of(value));
    }

    /** Takes the setting back to its default. */
    public static ConfigChange delete(String name) {
        return new ConfigChange(Operation.DELETE, name, Optional.empty());
    }

    /** Adds a value to a setting that is a list. */
    public static ConfigChange append(String name, String value) {
        return new ConfigChange(Operation.APPEND, name, Optional.of(value));
    }

    /** Takes a value out of a setting that is a list. */
    public static ConfigChange subtract(String name, String value) {
        return new ConfigChange(Operation.SUBTRACT, name, Optional.of(value));
    }
}
