/**
 * SASL: who a client is. {@link io.leat.broker.sasl.SaslMechanism}s check what clients say, {@link
 * io.leat.broker.sasl.ScramUsers} keeps what passwords are checked against. No passwords are kept,
 * and neither log nor error tells what was wrong about a name or a password.
 */
@NullMarked
package io.leat.broker.sasl;

import org.jspecify.annotations.NullMarked;
