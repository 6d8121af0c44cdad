package io.leat.broker.access;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one client may do by the ACLs. It remembers what it was asked until an ACL changes, so that
 * the same question costs a look-up and no allocation. Any thread.
 */
final class AclAccess implements Access {
    /** How many resources of a type are remembered; then it begins anew. */
    private static final int REMEMBERED_MAX = 1_000;

    /** Longer names, which clients may ask for at will, are looked up each time. */
    private static final int REMEMBERED_CHARS_MAX = 249;

    private final Acls acls;
    private final String principal;
    private final String host;
    private final boolean superUser;
    private volatile Answers answers;

    /** What was answered by one state of the ACLs. */
    private static final class Answers {
        final AclIndex index;
        final Map<ResourceType, Map<String, Integer>> byType = new EnumMap<>(ResourceType.class);

        Answers(AclIndex index) {
            this.index = index;
            for (ResourceType type : ResourceType.values()) {
                byType.put(type, new ConcurrentHashMap<>());
            }
        }
    }

    AclAccess(Acls acls, String principal, String host, boolean superUser) {
        this.acls = acls;
        this.principal = principal;
        this.host = host;
        this.superUser = superUser;
        this.answers = new Answers(acls.index());
    }

    @Override
    public int operations(ResourceType type, String name) {
        if (superUser) {
            return Reserved.strip(type, name, type.operations());
        }
        Answers known = answers;
        AclIndex index = acls.index();
        if (known.index != index) {
            known = new Answers(index);
            answers = known;
        }
        Map<String, Integer> remembered =
                Objects.requireNonNull(known.byType.get(type), "every type has its answers");
        Integer answer = remembered.get(name);
        return answer != null ? answer : decide(index, remembered, type, name);
    }

    private int decide(
            AclIndex index, Map<String, Integer> remembered, ResourceType type, String name) {
        int unlisted = acls.allowsUnlisted() ? type.operations() : 0;
        int decided =
                Reserved.strip(type, name, index.operations(principal, host, type, name, unlisted));
        if (name.length() > REMEMBERED_CHARS_MAX) {
            return decided;
        }
        if (remembered.size() >= REMEMBERED_MAX) {
            remembered.clear();
        }
        remembered.put(name, decided);
        return decided;
    }

    /** How many characters the names have that it remembers. */
    int rememberedChars() {
        return answers.byType.values().stream()
                .flatMap(names -> names.keySet().stream())
                .mapToInt(String::length)
                .sum();
    }

    @Override
    public boolean mayAnywhere(Operation operation, ResourceType type) {
        return superUser
                || acls.allowsUnlisted()
                || acls.index().anywhere(principal, host, type, operation);
    }

    @Override
    public void denied(Operation operation, ResourceType type, String name) {
        acls.denied(principal, host, operation, type, name);
    }
}
