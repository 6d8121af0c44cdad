package io.leat.tests.share;

import io.leat.tests.share.ShareEvent.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What members tell, and what must be true of it. */
final class ShareLedger {
    private final Map<String, List<ShareEvent>> byRecord = new TreeMap<>();
    private final Map<String, Integer> deadLetters = new TreeMap<>();

    synchronized void add(ShareEvent event) {
        byRecord.computeIfAbsent(key(event.partition(), event.offset()), k -> new ArrayList<>())
                .add(event);
    }

    synchronized void deadLetter(int partition, long offset) {
        deadLetters.merge(key(partition, offset), 1, Integer::sum);
    }

    static String key(int partition, long offset) {
        return partition + "/" + offset;
    }

    synchronized int deadLetterCount() {
        return deadLetters.size();
    }

    /** How many records were accepted for sure. */
    synchronized long acceptedCount() {
        return byRecord.values().stream()
                .filter(events -> events.stream().anyMatch(e -> e.kind() == Kind.ACCEPTED))
                .count();
    }

    synchronized long deliveries() {
        return byRecord.values().stream()
                .flatMap(List::stream)
                .filter(e -> e.kind() == Kind.DELIVERED)
                .count();
    }

    synchronized boolean hasDeliveries() {
        return !byRecord.isEmpty();
    }

    /**
     * What is not as promised, in words.
     *
     * @param keys all records
     */
    synchronized List<String> violations(List<String> keys) {
        List<String> violations = new ArrayList<>();
        for (String key : keys) {
            List<ShareEvent> events = new ArrayList<>(byRecord.getOrDefault(key, List.of()));
            events.sort(Comparator.comparingLong(ShareEvent::nanos));
            int letters = deadLetters.getOrDefault(key, 0);
            long accepted = events.stream().filter(e -> e.kind() == Kind.ACCEPTED).count();
            // Who was killed may have been heard before it could tell.
            boolean perhaps = events.stream().anyMatch(e -> e.kind() == Kind.ACCEPTING);
            if (letters > 1) {
                violations.add(key + " is a dead letter " + letters + " times");
            }
            if (accepted > 1) {
                violations.add(key + " was accepted " + accepted + " times: " + events);
            }
            if (accepted > 0 && letters > 0) {
                violations.add(key + " was accepted and is a dead letter: " + events);
            }
            if (accepted == 0 && letters == 0 && !perhaps) {
                violations.add(key + " is lost: " + events);
            }
            checkOrder(key, events, violations);
        }
        return violations;
    }

    private static void checkOrder(String key, List<ShareEvent> events, List<String> violations) {
        long done = Long.MAX_VALUE;
        int count = 0;
        for (ShareEvent event : events) {
            switch (event.kind()) {
                case ACCEPTED, REJECTED -> done = Math.min(done, event.nanos());
                case DELIVERED -> {
                    if (event.nanos() > done) {
                        violations.add(key + " comes again after it was done: " + events);
                    }
                    if (event.count() <= count) {
                        violations.add(key + " has a count that does not go up: " + events);
                    }
                    count = event.count();
                }
                case ACCEPTING, REFUSED -> {}
            }
        }
    }

    /** The longest that a record that was delivered again had waited for it, in ms. */
    synchronized long longestWaitMillis() {
        long longest = 0;
        for (List<ShareEvent> events : byRecord.values()) {
            List<ShareEvent> delivered =
                    events.stream()
                            .filter(e -> e.kind() == Kind.DELIVERED)
                            .sorted(Comparator.comparingLong(ShareEvent::nanos))
                            .toList();
            for (int i = 1; i < delivered.size(); i++) {
                longest =
                        Math.max(longest, delivered.get(i).nanos() - delivered.get(i - 1).nanos());
            }
        }
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }
}
