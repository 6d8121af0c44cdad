package io.leat.broker.sasl;

import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import io.leat.wire.sasl.ScramMechanism;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The users and their SCRAM credentials: kept in the state store, read from an immutable copy.
 * Changes block on the disk, and hold from when they return. Any thread.
 *
 * <pre>
 * key    "scram/" mechanism(1) user(UTF-8)
 * value  format(1)=1 iterations(4) salt length(1) salt stored key server key
 *
 * key    "scram-secret": what makes salts for users that are not there (32)
 * </pre>
 */
public final class ScramUsers {
    private static final byte[] PREFIX = "scram/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SECRET = "scram-secret".getBytes(StandardCharsets.US_ASCII);
    private static final int SECRET_BYTES = 32;
    private static final byte FORMAT = 1;

    private final StateStore state;
    private volatile Map<String, Map<ScramMechanism, ScramCredential>> users;
    private volatile byte[] secret;

    /** A change to one user's credential; without one it is removed. */
    public record Change(
            String user, ScramMechanism mechanism, Optional<ScramCredential> credential) {}

    /** Reads the users. */
    public ScramUsers(StateStore state) {
        this.state = state;
        Map<String, Map<ScramMechanism, ScramCredential>> read = new HashMap<>();
        state.scan(
                PREFIX,
                (key, value) -> {
                    ScramCredential credential = read(key, value);
                    read.computeIfAbsent(user(key), name -> new EnumMap<>(ScramMechanism.class))
                            .put(credential.mechanism(), credential);
                });
        this.users = Map.copyOf(read);
        this.secret = state.get(SECRET).orElse(new byte[0]);
    }

    /** A user's credential, if it has one for that mechanism. */
    Optional<ScramCredential> find(String user, ScramMechanism mechanism) {
        return Optional.ofNullable(users.getOrDefault(user, Map.of()).get(mechanism));
    }

    /** A user's credential; one that nothing fits, and that looks as real, where there is none. */
    ScramCredential findOrNobody(String user, ScramMechanism mechanism) {
        return find(user, mechanism)
                .orElseGet(() ->
                        ScramCredential.ofNobody(
                                mechanism,
                                ScramMechanism.SCRAM_SHA_256.hmac(
                                        secret(), user.getBytes(StandardCharsets.UTF_8))));
    }

    /** Every user with its credentials, by name. */
    public Map<String, Map<ScramMechanism, ScramCredential>> all() {
        return new TreeMap<>(users);
    }

    /** Makes all of the changes or, when the disk fails, none. */
    public synchronized void change(List<Change> changes) {
        Map<String, Map<ScramMechanism, ScramCredential>> next = new HashMap<>(users);
        List<Write> writes = new ArrayList<>();
        for (Change change : changes) {
            Map<ScramMechanism, ScramCredential> credentials = new EnumMap<>(ScramMechanism.class);
            credentials.putAll(next.getOrDefault(change.user(), Map.of()));
            byte[] key = key(change.user(), change.mechanism());
            if (change.credential().isPresent()) {
                credentials.put(change.mechanism(), change.credential().get());
                writes.add(new Write.Put(key, value(change.credential().get())));
            } else {
                credentials.remove(change.mechanism());
                writes.add(new Write.Delete(key));
            }
            if (credentials.isEmpty()) {
                next.remove(change.user());
            } else {
                next.put(change.user(), credentials);
            }
        }
        state.write(writes, true);
        users = Map.copyOf(next);
    }

    private byte[] secret() {
        return secret.length == 0 ? makeSecret() : secret;
    }

    private synchronized byte[] makeSecret() {
        if (secret.length == 0) {
            byte[] made = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(made);
            state.write(List.of(new Write.Put(SECRET, made)), true);
            secret = made;
        }
        return secret;
    }

    private static byte[] key(String user, ScramMechanism mechanism) {
        byte[] name = user.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(PREFIX.length + 1 + name.length)
                .put(PREFIX)
                .put(mechanism.code())
                .put(name)
                .array();
    }

    private static String user(byte[] key) {
        int start = PREFIX.length + 1;
        return new String(key, start, key.length - start, StandardCharsets.UTF_8);
    }

    private static byte[] value(ScramCredential credential) {
        int size = 6 + credential.salt().length + 2 * credential.mechanism().hashBytes();
        return ByteBuffer.allocate(size)
                .put(FORMAT)
                .putInt(credential.iterations())
                .put((byte) credential.salt().length)
                .put(credential.salt())
                .put(credential.storedKey())
                .put(credential.serverKey())
                .array();
    }

    private static ScramCredential read(byte[] key, byte[] value) {
        ScramMechanism mechanism = ScramMechanism.of(key[PREFIX.length]).orElseThrow();
        ByteBuffer in = ByteBuffer.wrap(value);
        byte format = in.get();
        if (format != FORMAT) {
            throw new IllegalStateException(
                    "The credential of user " + user(key) + " is of the unknown format " + format);
        }
        int iterations = in.getInt();
        return new ScramCredential(
                mechanism,
                iterations,
                bytes(in, Byte.toUnsignedInt(in.get())),
                bytes(in, mechanism.hashBytes()),
                bytes(in, mechanism.hashBytes()));
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
