package io.leat.broker.sasl;

/** A way to authenticate. Any thread. */
public interface SaslMechanism {
    /** The name in the protocol, such as {@code SCRAM-SHA-256}. */
    String name();

    /** Begins to authenticate one client. */
    SaslExchange begin();
}
