package io.leat.broker.quota;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** IP addresses as text: numbers alone, so that no name is ever looked up. */
final class Addresses {
    private static final Pattern V4 =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]{2,45}(%\\w+)?");

    private Addresses() {}

    static boolean isLiteral(String text) {
        return address(text).isPresent();
    }

    /** The one of an address's spellings that it is known by; what is no address stays as it is. */
    static String canonical(String text) {
        return address(text).map(InetAddress::getHostAddress).orElse(text);
    }

    private static Optional<InetAddress> address(String text) {
        boolean numbers =
                V4.matcher(text).matches() || (text.contains(":") && V6.matcher(text).matches());
        if (!numbers) {
            return Optional.empty();
        }
        // The interface behind it is this machine's own, and not what the other side is known by.
        int scope = text.indexOf('%');
        try {
            return Optional.of(InetAddress.ofLiteral(scope < 0 ? text : text.substring(0, scope)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
