package io.leat.broker.api;

import io.leat.broker.access.Access;
import io.leat.broker.access.Authorizer;
import io.leat.broker.sasl.SaslExchange;
import io.leat.broker.sasl.SaslMechanism;
import io.leat.broker.sasl.SaslStep;
import io.leat.wire.ApiKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Who is at the other end of a connection, and for how long that holds.
 *
 * <pre>
 *            handshake             message             success
 *   STRANGER ---------> CHOSEN <-----------> CHECKING ---------> KNOWN, until it expires
 *      ^                                        | failure           | handshake: proves itself
 *      |                                        v                   v anew (KIP-368)
 *   the start, where the listener wants SASL  REFUSED             CHOSEN
 * </pre>
 *
 * Any thread; the requests of a connection come one after the other.
 */
public final class Session {
    /** How a listener wants its clients to authenticate. */
    public interface Gate {
        /** No authentication, everything allowed. */
        Gate OPEN =
                new Gate() {
                    @Override
                    public List<SaslMechanism> mechanisms() {
                        return List.of();
                    }

                    @Override
                    public Authorizer authorizer() {
                        return Authorizer.OPEN;
                    }

                    @Override
                    public OptionalLong reauthenticationMillis() {
                        return OptionalLong.empty();
                    }
                };

        /** The mechanisms on offer; none where clients need no SASL. */
        List<SaslMechanism> mechanisms();

        /** Says what a client may do. */
        Authorizer authorizer();

        /** How long an authentication holds, when it ends before the connection. */
        OptionalLong reauthenticationMillis();
    }

    private enum Phase {
        STRANGER,
        CHOSEN,
        CHECKING,
        KNOWN,
        REFUSED
    }

    private static final String USER = "User:";

    private final Gate gate;
    private final InstantSource clock;
    private volatile ClientConnection connection;
    private volatile Phase phase;
    private volatile long expiresMillis = Long.MAX_VALUE;
    private volatile boolean known;
    private Optional<SaslMechanism> mechanism = Optional.empty();
    private Optional<SaslExchange> exchange = Optional.empty();
    private boolean bare;

    /**
     * Begins.
     *
     * @param stranger the connection; its principal and access are replaced
     */
    public Session(Gate gate, InstantSource clock, ClientConnection stranger) {
        this.gate = gate;
        this.clock = clock;
        this.phase = gate.mechanisms().isEmpty() ? Phase.KNOWN : Phase.STRANGER;
        this.known = phase == Phase.KNOWN;
        this.connection = stranger;
    }

    /** A session of a client that need not say who it is. */
    public static Session open(ClientConnection connection) {
        return new Session(Gate.OPEN, InstantSource.system(), connection);
    }

    /** The connection as it is now: for the next request. */
    public ClientConnection connection() {
        return connection;
    }

    /** Whether the client has said who it is, or need not. */
    public boolean known() {
        return known;
    }

    /** The certificate says who it is. */
    public synchronized void identify(String principal) {
        connection = as(principal);
    }

    private ClientConnection as(String principal) {
        Access access = gate.authorizer().accessOf(principal, connection.remote());
        return connection.withPrincipal(principal, access);
    }

    /** Whether a request may come now. */
    boolean admits(ApiKey api) {
        return switch (api) {
            case API_VERSIONS -> phase != Phase.CHECKING || known;
            case SASL_HANDSHAKE, SASL_AUTHENTICATE -> true;
            default -> known && clock.millis() < expiresMillis;
        };
    }

    /** Why it may not, for the log. */
    String obstacle() {
        return known
                ? "its authentication has expired, and it did not prove itself anew"
                : "it must authenticate first";
    }

    /** The names of the mechanisms on offer. */
    public List<String> mechanisms() {
        return gate.mechanisms().stream().map(SaslMechanism::name).toList();
    }

    /** What came of a handshake. */
    public enum Handshake {
        ACCEPTED,
        /** The listener does not have the mechanism. */
        UNSUPPORTED,
        /** There is no SASL here, or it is in full swing, or another mechanism was used before. */
        OUT_OF_PLACE
    }

    /**
     * Chooses a mechanism.
     *
     * @param bareMessages whether what follows are messages without a request around them, as old
     *     clients send them
     */
    public synchronized Handshake choose(String name, boolean bareMessages) {
        boolean place = phase == Phase.STRANGER || phase == Phase.KNOWN || phase == Phase.CHOSEN;
        if (gate.mechanisms().isEmpty() || !place) {
            return Handshake.OUT_OF_PLACE;
        }
        Optional<SaslMechanism> wanted =
                gate.mechanisms().stream().filter(each -> each.name().equals(name)).findFirst();
        if (wanted.isEmpty()) {
            return Handshake.UNSUPPORTED;
        }
        if (known && !wanted.equals(mechanism)) {
            return Handshake.OUT_OF_PLACE; // to a weaker one, perhaps
        }
        mechanism = wanted;
        exchange = Optional.of(wanted.get().begin());
        bare = bareMessages;
        phase = Phase.CHOSEN;
        return Handshake.ACCEPTED;
    }

    /** Whether the next frame is a bare SASL message. */
    public synchronized boolean expectsBareMessage() {
        return bare && phase == Phase.CHOSEN;
    }

    /** The name of the mechanism in use, empty before one is chosen. */
    public synchronized String mechanism() {
        return mechanism.map(SaslMechanism::name).orElse("");
    }

    /**
     * Takes a message. Blocks as the mechanism does.
     *
     * @return empty when no message is expected
     */
    public Optional<SaslStep> next(byte[] message) {
        SaslExchange current;
        synchronized (this) {
            if (phase != Phase.CHOSEN || exchange.isEmpty()) {
                return Optional.empty();
            }
            phase = Phase.CHECKING;
            current = exchange.get();
        }
        SaslStep step;
        try {
            step = current.next(message);
        } catch (RuntimeException | Error e) {
            phase = Phase.REFUSED;
            throw e;
        }
        return Optional.of(conclude(step));
    }

    private synchronized SaslStep conclude(SaslStep step) {
        return switch (step) {
            case SaslStep.Challenge challenge -> {
                phase = Phase.CHOSEN;
                yield challenge;
            }
            case SaslStep.Failure failure -> refuse(failure);
            case SaslStep.Success success -> {
                String principal = USER + success.user();
                if (known && !principal.equals(connection.principal())) {
                    yield refuse(
                            new SaslStep.Failure(
                                    "Authentication failed: a connection keeps its user",
                                    success.user()));
                }
                expiresMillis =
                        Math.min(
                                success.expiresMillis(),
                                gate.reauthenticationMillis().isPresent()
                                        ? clock.millis() + gate.reauthenticationMillis().getAsLong()
                                        : Long.MAX_VALUE);
                connection = as(principal);
                exchange = Optional.empty();
                phase = Phase.KNOWN;
                known = true;
                yield success;
            }
        };
    }

    private SaslStep refuse(SaslStep.Failure failure) {
        phase = Phase.REFUSED;
        known = false;
        exchange = Optional.empty();
        return failure;
    }

    /** How long the authentication holds from now on, in milliseconds; 0 for ever. */
    public long lifetimeMillis() {
        return expiresMillis == Long.MAX_VALUE ? 0 : Math.max(1, expiresMillis - clock.millis());
    }
}
