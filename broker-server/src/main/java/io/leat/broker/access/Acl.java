package io.leat.broker.access;

/**
 * That somebody may, or may not, do something.
 *
 * @param type of the resources
 * @param name of the resource, or how the names begin, or {@value #WILDCARD} for all
 * @param pattern how the name is meant, LITERAL or PREFIXED
 * @param principal who, such as {@code User:alice}; {@value #EVERYBODY} is everybody
 * @param host the address from where; {@value #WILDCARD} is everywhere
 * @param operation what; not ANY
 * @param allows whether it is allowed or denied
 */
public record Acl(
        ResourceType type,
        String name,
        PatternType pattern,
        String principal,
        String host,
        Operation operation,
        boolean allows) {
    /** Every name, or every host. */
    public static final String WILDCARD = "*";

    /** Every principal. */
    public static final String EVERYBODY = "User:*";

    /** Whether it is about a client, whatever it wants. */
    boolean concerns(String who, String from) {
        return (principal.equals(EVERYBODY) || principal.equals(who))
                && (host.equals(WILDCARD) || host.equals(from));
    }

    /** Whether it is about a resource. */
    boolean covers(String resource) {
        return switch (pattern) {
            case PREFIXED -> resource.startsWith(name);
            default -> name.equals(WILDCARD) || name.equals(resource);
        };
    }

    /** Operations as bits: what it denies, or allows and thereby implies. */
    int bits() {
        if (operation == Operation.ALL) {
            return type.operations();
        }
        return allows ? operation.bit() | implied() : operation.bit();
    }

    /** Whoever may do something to a resource may see it. */
    private int implied() {
        return switch (operation) {
            case READ, WRITE, DELETE, ALTER -> Operation.DESCRIBE.bit();
            case ALTER_CONFIGS -> Operation.DESCRIBE_CONFIGS.bit();
            default -> 0;
        };
    }
}
