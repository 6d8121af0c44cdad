package io.leat.broker.quota;

import java.util.regex.Pattern;

/** IP addresses as text: numbers alone, so that no name is ever looked up. */
final class Addresses {
    private static final Pattern V4 =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]{2,39}(%\\w+)?");

    private Addresses() {}

    static boolean isLiteral(String text) {
        return V4.matcher(text).matches() || (text.contains(":") && V6.matcher(text).matches());
    }
}
