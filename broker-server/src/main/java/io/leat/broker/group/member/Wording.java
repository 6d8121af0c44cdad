package io.leat.broker.group.member;

/** What groups say to people about what clients said to them. */
public final class Wording {
    /** Fits into a string of the protocol, whatever its characters are. */
    private static final int MAX = 8_000;

    private Wording() {}

    /** A text that may have come to be very long, such as a list of names, as far as it helps. */
    public static String bounded(String text) {
        return text.length() <= MAX
                ? text
                : "%s... (%d characters in all)".formatted(text.substring(0, MAX), text.length());
    }
}
