package io.leat.client;

import java.util.Objects;

/**
 * A password or a token: never printed.
 *
 * @param value what it is
 */
public record Secret(String value) {
    public Secret {
        Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return "***";
    }
}
