package io.leat.client;

import io.leat.client.Acl.Operation;
import io.leat.client.Acl.ResourceType;
import java.util.Objects;
import java.util.Optional;

/**
 * Which rules are meant: those that fit everything that is given.
 *
 * @param type kind of thing
 * @param name the name in the rule, as it stands there
 * @param prefixed whether the name is the beginning of others
 * @param principal who
 * @param host from where
 * @param operation what they do
 * @param allow whether they may
 */
public record AclFilter(
        Optional<ResourceType> type,
        Optional<String> name,
        Optional<Boolean> prefixed,
        Optional<String> principal,
        Optional<String> host,
        Optional<Operation> operation,
        Optional<Boolean> allow) {
    /** Fits every rule. */
    public static final AclFilter ALL =
            new AclFilter(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    /** Fits just this rule. */
    public static AclFilter of(Acl acl) {
        return new AclFilter(
                Optional.of(acl.resource().type()),
                Optional.of(acl.resource().name()),
                Optional.of(acl.resource().prefixed()),
                Optional.of(acl.principal()),
                Optional.of(acl.host()),
                Optional.of(acl.operation()),
                Optional.of(acl.allow()));
    }

    public AclFilter {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(prefixed, "prefixed");
        Objects.requireNonNull(principal, "principal");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(allow, "allow");
    }
}
