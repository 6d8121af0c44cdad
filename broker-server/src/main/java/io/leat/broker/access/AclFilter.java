package io.leat.broker.access;

import java.util.Optional;

/**
 * Says which ACLs are meant: each part that is there must fit.
 *
 * @param pattern how {@code name} is meant; with MATCH, the ACLs that cover the resource of that
 *     name
 * @param operation empty for any
 */
public record AclFilter(
        Optional<ResourceType> type,
        Optional<String> name,
        PatternType pattern,
        Optional<String> principal,
        Optional<String> host,
        Optional<Operation> operation,
        Optional<Boolean> allows) {
    /** Whether an ACL is meant. */
    public boolean fits(Acl acl) {
        return fits(type, acl.type())
                && fitsName(acl)
                && fits(principal, acl.principal())
                && fits(host, acl.host())
                && fits(operation, acl.operation())
                && fits(allows, acl.allows());
    }

    private boolean fitsName(Acl acl) {
        return switch (pattern) {
            case ANY -> fits(name, acl.name());
            case MATCH -> name.map(acl::covers).orElse(true);
            default -> acl.pattern() == pattern && fits(name, acl.name());
        };
    }

    private static <T> boolean fits(Optional<T> wanted, T there) {
        return wanted.isEmpty() || wanted.get().equals(there);
    }
}
