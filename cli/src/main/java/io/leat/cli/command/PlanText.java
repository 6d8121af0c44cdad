package io.leat.cli.command;

import io.leat.cli.terminal.Terminal;
import io.leat.cli.topology.Change;
import java.util.List;
import java.util.Optional;

/**
 * Steps as a person reads a difference: {@code +} comes, {@code -} goes, {@code ~} changes; green,
 * red and yellow on a terminal.
 */
final class PlanText {
    private static final String GREEN = "\033[32m";
    private static final String RED = "\033[31m";
    private static final String YELLOW = "\033[33m";
    private static final String PLAIN = "\033[0m";

    private final Terminal terminal;

    PlanText(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(List<Change> changes) {
        for (Change change : changes) {
            switch (change) {
                case Change.CreateTopic create -> {
                    line('+', create.subject() + partitions(create));
                    create.configs()
                            .forEach((key, value) ->
                                    line('+', create.subject() + " " + key + " = " + value));
                }
                case Change.CreateUser _, Change.CreateAcl _ -> line('+', change.subject());
                case Change.DeleteTopic _, Change.DeleteUser _, Change.DeleteAcl _ ->
                        line('-', change.subject());
                default -> line(sign(change), described(change));
            }
        }
    }

    private static String described(Change change) {
        String left = change.subject() + " " + key(change).orElse("");
        Optional<String> from = from(change);
        Optional<String> to = to(change);
        if (from.isEmpty()) {
            return left + " = " + to.orElse("");
        }
        return left + ": " + from.get() + " -> " + to.orElse("default");
    }

    private void line(char sign, String text) {
        String line = sign + " " + text;
        terminal.line(terminal.hasColours() ? colour(sign) + line + PLAIN : line);
    }

    private static String colour(char sign) {
        return switch (sign) {
            case '+' -> GREEN;
            case '-' -> RED;
            default -> YELLOW;
        };
    }

    private static char sign(Change change) {
        if (to(change).isEmpty()) {
            return '-';
        }
        return from(change).isEmpty() ? '+' : '~';
    }

    private static String partitions(Change.CreateTopic create) {
        return create.partitions().isPresent()
                ? " with " + create.partitions().getAsInt() + " partitions"
                : "";
    }

    /** What is done, for programs. */
    static String action(Change change) {
        return switch (change) {
            case Change.CreateTopic _ -> "create-topic";
            case Change.AddPartitions _ -> "add-partitions";
            case Change.DeleteTopic _ -> "delete-topic";
            case Change.CreateUser _ -> "create-user";
            case Change.DeleteUser _ -> "delete-user";
            case Change.CreateAcl _ -> "create-acl";
            case Change.DeleteAcl _ -> "delete-acl";
            case Change.SetConfig set -> set.to().isPresent() ? "set-config" : "reset-config";
            case Change.SetQuota set -> set.to().isPresent() ? "set-quota" : "remove-quota";
        };
    }

    static Optional<String> key(Change change) {
        return switch (change) {
            case Change.AddPartitions _ -> Optional.of("partitions");
            case Change.SetConfig set -> Optional.of(set.key());
            case Change.SetQuota set -> Optional.of(set.key());
            default -> Optional.empty();
        };
    }

    static Optional<String> from(Change change) {
        return switch (change) {
            case Change.AddPartitions add -> Optional.of(Integer.toString(add.from()));
            case Change.SetConfig set -> set.from();
            case Change.SetQuota set -> set.from().map(PlanText::number);
            default -> Optional.empty();
        };
    }

    static Optional<String> to(Change change) {
        return switch (change) {
            case Change.AddPartitions add -> Optional.of(Integer.toString(add.to()));
            case Change.SetConfig set -> set.to();
            case Change.SetQuota set -> set.to().map(PlanText::number);
            case Change.CreateTopic create ->
                    create.partitions().isPresent()
                            ? Optional.of(create.partitions().getAsInt() + " partitions")
                            : Optional.empty();
            default -> Optional.empty();
        };
    }

    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
