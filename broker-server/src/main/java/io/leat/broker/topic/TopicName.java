package io.leat.broker.topic;

import io.leat.broker.access.Reserved;
import java.util.Optional;
import java.util.Set;

/** Which names topics may have: Kafka's rules. */
public final class TopicName {
    public static final int LENGTH_MAX = 249;

    private static final Set<String> INTERNAL =
            Set.of(
                    "__consumer_offsets",
                    "__transaction_state",
                    "__share_group_state",
                    Reserved.AUDIT_TOPIC);

    private TopicName() {}

    /** Why {@code name} is no topic's name, if so. */
    public static Optional<String> flaw(String name) {
        if (name.isEmpty()) {
            return Optional.of("Topic name is invalid: it is empty");
        }
        if (name.equals(".") || name.equals("..")) {
            return Optional.of("Topic name is invalid: '" + name + "' is reserved");
        }
        if (name.length() > LENGTH_MAX) {
            return Optional.of(
                    "Topic name is invalid: it has "
                            + name.length()
                            + " characters, and at most "
                            + LENGTH_MAX
                            + " are allowed");
        }
        if (!name.chars().allMatch(TopicName::legal)) {
            return Optional.of(
                    "Topic name is invalid: '"
                            + name
                            + "' has characters other than ASCII letters, digits, '.', '_' and"
                            + " '-'");
        }
        return Optional.empty();
    }

    /** Whether the two differ in '.' and '_' only, which Kafka does not allow. */
    public static boolean collide(String one, String other) {
        return folded(one).equals(folded(other));
    }

    /** The name by which colliding names are the same. */
    static String folded(String name) {
        return name.replace('.', '_');
    }

    /** Whether Kafka keeps the name for itself. */
    public static boolean internal(String name) {
        return INTERNAL.contains(name);
    }

    private static boolean legal(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '.'
                || character == '_'
                || character == '-';
    }
}
