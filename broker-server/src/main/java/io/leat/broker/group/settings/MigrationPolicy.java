package io.leat.broker.group.settings;

/**
 * Whether a group with members moves between the classic and the consumer protocol.
 *
 * @param upgrade to the consumer protocol, when a member of it joins
 * @param downgrade to the classic protocol, when the last member of the other one is gone
 */
public record MigrationPolicy(boolean upgrade, boolean downgrade) {
    static MigrationPolicy named(String name) {
        return switch (name) {
            case "bidirectional" -> new MigrationPolicy(true, true);
            case "upgrade" -> new MigrationPolicy(true, false);
            case "downgrade" -> new MigrationPolicy(false, true);
            case "disabled" -> new MigrationPolicy(false, false);
            default -> throw new IllegalArgumentException("no migration policy " + name);
        };
    }
}
