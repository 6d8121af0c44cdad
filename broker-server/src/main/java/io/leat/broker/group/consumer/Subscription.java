package io.leat.broker.group.consumer;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a member wants to read. Immutable.
 *
 * @param names topics by name, be they there or not
 * @param pattern an RE2 regular expression; all topics whose whole name it matches
 */
public record Subscription(SortedSet<String> names, Optional<String> pattern) {
    static final Subscription NONE = new Subscription(new TreeSet<>(), Optional.empty());

    public Subscription {
        names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
    }

    static Subscription to(Collection<String> names) {
        return new Subscription(new TreeSet<>(names), Optional.empty());
    }

    Subscription withNames(Collection<String> newNames) {
        return new Subscription(new TreeSet<>(newNames), pattern);
    }

    /** An empty text ends the subscription to a pattern. */
    Subscription withPattern(String newPattern) {
        return new Subscription(names, Optional.of(newPattern).filter(text -> !text.isEmpty()));
    }
}
