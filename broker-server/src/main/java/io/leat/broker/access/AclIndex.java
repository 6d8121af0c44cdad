package io.leat.broker.access;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All ACLs as they stand, and how they decide: what any of them denies is denied; of the rest, what
 * any of them allows is allowed. Immutable.
 *
 * <p>The decision costs two look-ups and one walk over the prefixes that share the name's first
 * letters; {@link AclAccess} remembers it.
 */
final class AclIndex {
    private final Set<Acl> all;
    private final Map<ResourceType, Patterns> byType = new EnumMap<>(ResourceType.class);

    /** The ACLs of one type of resource. */
    private static final class Patterns {
        final Map<String, List<Acl>> literal = new HashMap<>();
        final TreeMap<String, List<Acl>> prefixed = new TreeMap<>();
    }

    AclIndex(Collection<Acl> acls) {
        all = Set.copyOf(acls);
        for (ResourceType type : ResourceType.values()) {
            byType.put(type, new Patterns());
        }
        for (Acl acl : all) {
            Patterns patterns = patterns(acl.type());
            (acl.pattern() == PatternType.PREFIXED ? patterns.prefixed : patterns.literal)
                    .computeIfAbsent(acl.name(), name -> new ArrayList<>())
                    .add(acl);
        }
    }

    Set<Acl> all() {
        return all;
    }

    private Patterns patterns(ResourceType type) {
        return Objects.requireNonNull(byType.get(type), "every type has its patterns");
    }

    /**
     * What somebody may do to a resource, as bits.
     *
     * @param unlisted what everybody may do to resources that no ACL is about
     */
    int operations(String principal, String host, ResourceType type, String name, int unlisted) {
        Decision decision = new Decision(principal, host);
        Patterns patterns = patterns(type);
        decision.take(patterns.literal.getOrDefault(name, List.of()));
        decision.take(patterns.literal.getOrDefault(Acl.WILDCARD, List.of()));
        // Prefixes of a name sort before it; those that sort between are not prefixes.
        for (Map.Entry<String, List<Acl>> prefix :
                patterns.prefixed.headMap(name, true).descendingMap().entrySet()) {
            if (name.startsWith(prefix.getKey())) {
                decision.take(prefix.getValue());
            } else if (sharesNothing(name, prefix.getKey())) {
                break;
            }
        }
        return decision.listed ? decision.allowed & ~decision.denied : unlisted;
    }

    private static boolean sharesNothing(String name, String prefix) {
        return !prefix.isEmpty() && !name.isEmpty() && prefix.charAt(0) != name.charAt(0);
    }

    private static final class Decision {
        private final String principal;
        private final String host;
        private boolean listed;
        private int allowed;
        private int denied;

        Decision(String principal, String host) {
            this.principal = principal;
            this.host = host;
        }

        void take(List<Acl> acls) {
            for (Acl acl : acls) {
                listed = true;
                if (acl.concerns(principal, host)) {
                    if (acl.allows()) {
                        allowed |= acl.bits();
                    } else {
                        denied |= acl.bits();
                    }
                }
            }
        }
    }

    /** Whether somebody may do something to at least one resource of a type (KIP-679). */
    boolean anywhere(String principal, String host, ResourceType type, Operation operation) {
        Patterns patterns = patterns(type);
        List<Acl> concerning =
                Stream.concat(
                                patterns.literal.values().stream(),
                                patterns.prefixed.values().stream())
                        .flatMap(List::stream)
                        .filter(acl -> acl.concerns(principal, host))
                        .filter(acl -> (acl.bits() & operation.bit()) != 0)
                        .toList();
        List<Acl> denials = concerning.stream().filter(acl -> !acl.allows()).toList();
        return concerning.stream()
                .filter(Acl::allows)
                .anyMatch(acl -> denials.stream().noneMatch(denial -> swallows(denial, acl)));
    }

    /** Whether nothing that {@code acl} allows is left by {@code denial}. */
    private static boolean swallows(Acl denial, Acl acl) {
        if (denial.pattern() == PatternType.LITERAL && !denial.name().equals(Acl.WILDCARD)) {
            return acl.pattern() == PatternType.LITERAL && acl.name().equals(denial.name());
        }
        boolean everything = denial.pattern() == PatternType.LITERAL || denial.name().isEmpty();
        boolean allowsAll = acl.pattern() == PatternType.LITERAL && acl.name().equals(Acl.WILDCARD);
        return everything || (!allowsAll && acl.name().startsWith(denial.name()));
    }
}
