package io.leat.broker.access;

import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ACLs: kept in the state store, read from an immutable copy. Changes block on the disk, and
 * hold from when they return.
 *
 * <pre>
 * key    "acl/" and the ACL itself, parts divided by a zero byte:
 *        type 0 pattern 0 name 0 principal 0 host 0 operation 0 "allow" or "deny"
 * value  empty
 * </pre>
 */
public final class Acls implements Authorizer {
    private static final byte[] PREFIX = "acl/".getBytes(StandardCharsets.US_ASCII);
    private static final String DIVIDER = "\0";
    private static final int PARTS = 7;

    private final StateStore state;
    private final Set<String> superUsers;
    private final boolean unlisted;
    private final Denials denials;
    private volatile AclIndex index;

    /**
     * Reads the ACLs.
     *
     * @param superUsers principals that may do everything
     * @param unlisted whether everybody may do everything to what no ACL is about
     */
    public Acls(
            StateStore state, Collection<String> superUsers, boolean unlisted, Denials denials) {
        this.state = state;
        this.superUsers = Set.copyOf(superUsers);
        this.unlisted = unlisted;
        this.denials = denials;
        List<Acl> acls = new ArrayList<>();
        state.scan(PREFIX, (key, value) -> acls.add(read(key)));
        this.index = new AclIndex(acls);
    }

    @Override
    public Access accessOf(String principal, InetSocketAddress remote) {
        String host =
                remote.getAddress() == null
                        ? remote.getHostString()
                        : remote.getAddress().getHostAddress();
        return new AclAccess(this, principal, host, superUsers.contains(principal));
    }

    AclIndex index() {
        return index;
    }

    boolean allowsUnlisted() {
        return unlisted;
    }

    void denied(
            String principal, String host, Operation operation, ResourceType type, String name) {
        denials.denied(principal, host, operation, type, name);
    }

    /** Whether nobody could do anything. */
    public boolean closed() {
        return superUsers.isEmpty() && !unlisted && index.all().isEmpty();
    }

    /** The ACLs that fit. */
    public List<Acl> find(AclFilter filter) {
        return index.all().stream().filter(filter::fits).toList();
    }

    /** Adds ACLs; those that are there already stay. */
    public synchronized void add(Collection<Acl> added) {
        Set<Acl> acls = new HashSet<>(index.all());
        List<Write> writes = new ArrayList<>();
        for (Acl acl : added) {
            if (acls.add(acl)) {
                writes.add(new Write.Put(key(acl), new byte[0]));
            }
        }
        apply(writes, acls);
    }

    /** Removes the ACLs that fit, and says which those were. */
    public synchronized List<Acl> remove(AclFilter filter) {
        List<Acl> removed = find(filter);
        Set<Acl> acls = new HashSet<>(index.all());
        acls.removeAll(Set.copyOf(removed));
        apply(removed.stream().<Write>map(acl -> new Write.Delete(key(acl))).toList(), acls);
        return removed;
    }

    private void apply(List<Write> writes, Set<Acl> acls) {
        if (!writes.isEmpty()) {
            state.write(writes, true);
            index = new AclIndex(acls);
        }
    }

    private static byte[] key(Acl acl) {
        String text =
                String.join(
                        DIVIDER,
                        acl.type().name(),
                        acl.pattern().name(),
                        acl.name(),
                        acl.principal(),
                        acl.host(),
                        acl.operation().name(),
                        acl.allows() ? "allow" : "deny");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[PREFIX.length + bytes.length];
        System.arraycopy(PREFIX, 0, key, 0, PREFIX.length);
        System.arraycopy(bytes, 0, key, PREFIX.length, bytes.length);
        return key;
    }

    private static Acl read(byte[] key) {
        String text =
                new String(key, PREFIX.length, key.length - PREFIX.length, StandardCharsets.UTF_8);
        String[] parts = text.split(DIVIDER, -1);
        if (parts.length != PARTS) {
            throw new IllegalStateException("An ACL in the state store cannot be read: " + text);
        }
        return new Acl(
                ResourceType.valueOf(parts[0]),
                parts[2],
                PatternType.valueOf(parts[1]),
                parts[3],
                parts[4],
                Operation.valueOf(parts[5]),
                parts[6].equals("allow"));
    }
}
