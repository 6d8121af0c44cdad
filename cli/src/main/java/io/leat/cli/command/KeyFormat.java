package io.leat.cli.command;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/** How keys are written on command lines and in files. */
enum KeyFormat {
    /** As it is, in UTF-8. */
    STRING,
    /** Two digits a byte. */
    HEX,
    /** RFC 4648, with or without the padding. */
    BASE64;

    /** The word on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The bytes of a key.
     *
     * @throws IllegalArgumentException if it is not written so; the message does not show the key
     */
    byte[] bytes(String key) {
        try {
            return switch (this) {
                case STRING -> key.getBytes(StandardCharsets.UTF_8);
                case HEX -> HexFormat.of().parseHex(key);
                case BASE64 -> Base64.getDecoder().decode(key);
            };
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    this == HEX ? "a key is not in hexadecimal digits" : "a key is not in Base64");
        }
    }
}
