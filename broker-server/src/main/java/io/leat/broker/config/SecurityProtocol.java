package io.leat.broker.config;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What lies between TCP and requests on a listener; Kafka's names. */
public enum SecurityProtocol {
    PLAINTEXT(false, false),
    SSL(true, false),
    SASL_PLAINTEXT(false, true),
    SASL_SSL(true, true);

    private final boolean tls;
    private final boolean sasl;

    SecurityProtocol(boolean tls, boolean sasl) {
        this.tls = tls;
        this.sasl = sasl;
    }

    /** Whether connections are encrypted. */
    public boolean tls() {
        return tls;
    }

    /** Whether clients authenticate by SASL. */
    public boolean sasl() {
        return sasl;
    }

    /** The protocol of that name, if it is one. */
    public static Optional<SecurityProtocol> named(String name) {
        return Arrays.stream(values()).filter(each -> each.name().equals(name)).findFirst();
    }

    static String names() {
        return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
    }
}
