package io.leat.tests.history;

import io.leat.tests.history.Anomaly.Kind;
import io.leat.tests.history.Transaction.Outcome;
import io.leat.tests.history.Transaction.Poll;
import io.leat.tests.history.Transaction.Seen;
import io.leat.tests.history.Transaction.Send;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds in a history what must not be. Pure.
 *
 * <p>After the analysis of Jepsen's {@code jepsen.tests.kafka}: offsets give the order of all
 * values of a partition; values are sent once, so a value that is read names the transaction that
 * wrote it. Dependencies are those from a writer to its readers, and from a client's transaction to
 * its next one. Writes of several transactions lie among each other by Kafka's design (it has no
 * isolation of writes, "G0"), so the order of writes is no dependency.
 */
final class Analysis {
    private static final int SHOWN_MAX = 5;

    private record Place(int partition, long offset) {}

    private final History history;
    private final Set<Integer> subscribers;
    private final List<Anomaly> anomalies = new ArrayList<>();

    /** Who sent a value. */
    private final Map<Integer, Transaction> writers = new HashMap<>();

    /** Where values are, as far as anybody knows. */
    private final Map<Integer, Place> places = new HashMap<>();

    /** What is at the offsets. */
    private final Map<Integer, TreeMap<Long, Integer>> partitions = new HashMap<>();

    /** What the last reader saw. */
    private final Set<Integer> present = new HashSet<>();

    private Analysis(History history, Set<Integer> subscribers) {
        this.history = history;
        this.subscribers = subscribers;
    }

    /**
     * All anomalies of a history.
     *
     * @param subscribers the clients that are one group and commit what they polled with their
     *     transactions
     */
    static List<Anomaly> of(History history, Set<Integer> subscribers) {
        Analysis analysis = new Analysis(history, subscribers);
        analysis.learnWriters();
        analysis.learnPlaces();
        analysis.checkReads();
        analysis.checkEnd();
        analysis.checkClients();
        analysis.checkGroup();
        analysis.checkCycles();
        return List.copyOf(analysis.anomalies);
    }

    private void found(Kind kind, String what) {
        anomalies.add(new Anomaly(kind, what));
    }

    private void learnWriters() {
        for (Transaction transaction : history.transactions()) {
            for (Send send : sends(transaction)) {
                writers.put(send.value(), transaction);
            }
        }
    }

    private void learnPlaces() {
        history.end()
                .forEach(seen -> {
                    present.add(seen.value());
                    learn(seen.partition(), seen.offset(), seen.value());
                });
        for (Transaction transaction : history.transactions()) {
            for (Send send : sends(transaction)) {
                // An offset whose transaction did not commit may be given again after a crash.
                if (transaction.outcome() == Outcome.COMMITTED) {
                    send.offset()
                            .ifPresent(offset -> learn(send.partition(), offset, send.value()));
                }
            }
            for (Poll poll : polls(transaction)) {
                poll.records().forEach(r -> learn(r.partition(), r.offset(), r.value()));
            }
        }
    }

    private void learn(int partition, long offset, int value) {
        Place place = new Place(partition, offset);
        Place known = places.putIfAbsent(value, place);
        if (known != null && !known.equals(place)) {
            found(Kind.DUPLICATE, "value %d is at %s and at %s".formatted(value, known, place));
        }
        Integer there =
                partitions
                        .computeIfAbsent(partition, p -> new TreeMap<>())
                        .putIfAbsent(offset, value);
        if (there != null && there != value) {
            found(Kind.INCONSISTENT_OFFSET, "at %s are %d and %d".formatted(place, there, value));
        }
    }

    private void checkReads() {
        for (Transaction reader : history.transactions()) {
            for (Poll poll : polls(reader)) {
                poll.records().forEach(record -> checkRead("client " + reader.client(), record));
            }
        }
        history.end().forEach(record -> checkRead("the last reader", record));
    }

    private void checkRead(String reader, Seen record) {
        Transaction writer = writers.get(record.value());
        if (writer == null) {
            found(Kind.PHANTOM, "%s read %s".formatted(reader, record));
        } else if (writer.outcome() == Outcome.ABORTED) {
            found(
                    Kind.ABORTED_READ,
                    "%s read %s of client %d".formatted(reader, record, writer.client()));
        }
    }

    private void checkEnd() {
        for (Transaction transaction : history.transactions()) {
            List<Send> sends = sends(transaction);
            long there = sends.stream().filter(send -> present.contains(send.value())).count();
            if (transaction.outcome() == Outcome.COMMITTED) {
                sends.stream()
                        .filter(send -> !present.contains(send.value()))
                        .forEach(this::missing);
            } else if (transaction.outcome() == Outcome.UNKNOWN
                    && there > 0
                    && there < sends.size()) {
                found(
                        Kind.TORN_TRANSACTION,
                        "%d of %d values of %s".formatted(there, sends.size(), sends));
            }
        }
        for (Map.Entry<Integer, Place> seen : places.entrySet()) {
            Transaction writer = writers.get(seen.getKey());
            if (!present.contains(seen.getKey())
                    && writer != null
                    && writer.outcome() == Outcome.UNKNOWN) {
                found(
                        Kind.LOST_WRITE,
                        "value %d was read at %s and is gone"
                                .formatted(seen.getKey(), seen.getValue()));
            }
        }
    }

    private void missing(Send send) {
        boolean passed =
                send.offset().isPresent()
                        && history.end().stream()
                                .anyMatch(seen ->
                                        seen.partition() == send.partition()
                                                && seen.offset() > send.offset().getAsLong());
        found(passed ? Kind.LOST_WRITE : Kind.UNSEEN_WRITE, "%s was committed".formatted(send));
    }

    private void checkClients() {
        Map<Integer, Map<Integer, Long>> polled = new HashMap<>();
        Map<Integer, Map<Integer, Long>> sent = new HashMap<>();
        for (Transaction transaction : history.transactions()) {
            int client = transaction.client();
            Map<Integer, Long> positions = polled.computeIfAbsent(client, c -> new HashMap<>());
            Map<Integer, Long> lastSent = sent.computeIfAbsent(client, c -> new HashMap<>());
            for (Transaction.Step step : transaction.steps()) {
                switch (step) {
                    case Poll poll -> checkPoll(client, poll, positions);
                    case Send send -> checkSend(client, send, lastSent);
                }
            }
        }
    }

    private void checkPoll(int client, Poll poll, Map<Integer, Long> positions) {
        if (poll.repositioned()) {
            positions.clear();
        }
        for (Seen record : poll.records()) {
            Long last = positions.put(record.partition(), record.offset());
            if (last == null) {
                continue;
            }
            if (record.offset() <= last) {
                found(
                        Kind.NONMONOTONIC_POLL,
                        "client %d, %s after %d".formatted(client, record, last));
                continue;
            }
            partitions
                    .get(record.partition())
                    .subMap(last, false, record.offset(), false)
                    .forEach((offset, value) -> {
                        if (present.contains(value)) {
                            found(
                                    Kind.SKIPPED_BY_POLL,
                                    "client %d went from %d to %s past %d at %d"
                                            .formatted(client, last, record, value, offset));
                        }
                    });
        }
    }

    private void checkSend(int client, Send send, Map<Integer, Long> lastSent) {
        Place place = places.get(send.value());
        if (place == null) {
            return;
        }
        Long last = lastSent.put(send.partition(), place.offset());
        if (last != null && place.offset() <= last) {
            found(
                    Kind.NONMONOTONIC_SEND,
                    "client %d, %s at %s after %d".formatted(client, send, place, last));
        }
    }

    /** Offsets are committed with the transactions: no two of one group have the same record. */
    private void checkGroup() {
        Map<Integer, Integer> consumers = new HashMap<>();
        for (Transaction transaction : history.transactions()) {
            if (!subscribers.contains(transaction.client())
                    || transaction.outcome() != Outcome.COMMITTED) {
                continue;
            }
            for (Poll poll : polls(transaction)) {
                for (Seen record : poll.records()) {
                    Integer before = consumers.put(record.value(), transaction.client());
                    if (before != null) {
                        found(
                                Kind.CONSUMED_TWICE,
                                "%s by client %d and by client %d"
                                        .formatted(record, before, transaction.client()));
                    }
                }
            }
        }
    }

    private void checkCycles() {
        List<Transaction> all = history.transactions();
        Map<Integer, Integer> writerNumbers = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            for (Send send : sends(all.get(i))) {
                writerNumbers.put(send.value(), i);
            }
        }
        Dependencies graph = new Dependencies(all.size());
        Map<Integer, Integer> previous = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            Integer before = previous.put(all.get(i).client(), i);
            if (before != null) {
                graph.add(before, i);
            }
            for (Poll poll : polls(all.get(i))) {
                for (Seen record : poll.records()) {
                    Integer writer = writerNumbers.get(record.value());
                    if (writer != null) {
                        graph.add(writer, i);
                    }
                }
            }
        }
        graph.cycles().stream()
                .limit(SHOWN_MAX)
                .map(cycle -> cycle.stream().map(all::get).toList())
                .forEach(cycle -> found(Kind.CYCLE, "%d: %s".formatted(cycle.size(), cycle)));
    }

    private static List<Send> sends(Transaction transaction) {
        return of(transaction, Send.class);
    }

    private static List<Poll> polls(Transaction transaction) {
        return of(transaction, Poll.class);
    }

    private static <T> List<T> of(Transaction transaction, Class<T> type) {
        return transaction.steps().stream().filter(type::isInstance).map(type::cast).toList();
    }
}
