package io.leat.client;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A rule about who may or may not do what. Whatever a deny names is denied, whatever else an allow
 * says.
 *
 * @param resource what it is about
 * @param principal who, such as {@code User:alice}, or {@code User:*}
 * @param host from which address, or {@link #EVERYWHERE}
 * @param operation what they do
 * @param allow whether they may
 */
public record Acl(
        Resource resource, String principal, String host, Operation operation, boolean allow) {
    /** The host that stands for all. */
    public static final String EVERYWHERE = "*";

    public Acl {
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(operation, "operation");
        Check.that(
                principal.indexOf(':') > 0,
                "a principal has a type, such as User:alice: " + principal);
    }

    /**
     * What rules are about.
     *
     * @param type what kind of thing
     * @param name its name, the beginning of the names of several, or {@code *} for all
     * @param prefixed whether the name is such a beginning
     */
    public record Resource(ResourceType type, String name, boolean prefixed) {
        /** The name by which the cluster itself goes. */
        public static final String CLUSTER_NAME = "kafka-cluster";

        public Resource {
            Objects.requireNonNull(type, "type");
            Check.that(!name.isEmpty(), "a resource has a name");
        }

        @Override
        public String toString() {
            return type.word() + " " + name + (prefixed ? "…" : "");
        }
    }

    /** Kinds of things that rules are about. */
    public enum ResourceType {
        TOPIC(2),
        GROUP(3),
        CLUSTER(4),
        TRANSACTIONAL_ID(5),
        DELEGATION_TOKEN(6),
        USER(7);

        private final byte wire;

        ResourceType(int wire) {
            this.wire = (byte) wire;
        }

        byte wire() {
            return wire;
        }

        static Optional<ResourceType> of(byte wire) {
            return Arrays.stream(values()).filter(each -> each.wire == wire).findFirst();
        }

        /** For people. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What clients do. */
    public enum Operation {
        ALL(2),
        READ(3),
        WRITE(4),
        CREATE(5),
        DELETE(6),
        ALTER(7),
        DESCRIBE(8),
        CLUSTER_ACTION(9),
        DESCRIBE_CONFIGS(10),
        ALTER_CONFIGS(11),
        IDEMPOTENT_WRITE(12),
        CREATE_TOKENS(13),
        DESCRIBE_TOKENS(14),
        TWO_PHASE_COMMIT(15);

        private final byte wire;

        Operation(int wire) {
            this.wire = (byte) wire;
        }

        byte wire() {
            return wire;
        }

        static Optional<Operation> of(byte wire) {
            return Arrays.stream(values()).filter(each -> each.wire == wire).findFirst();
        }

        /** For people. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Override
    public String toString() {
        return "%s %s %s %s from %s"
                .formatted(allow ? "allow" : "deny", principal, operation.word(), resource, host);
    }
}
