package io.leat.broker.delay;

/**
 * The place of a pending record in its partition's order.
 *
 * @param dueMillis when it is due, ms since the epoch
 * @param number its number, which no other of the partition has; earlier ones are lower
 */
record Slot(long dueMillis, long number) implements Comparable<Slot> {
    static final Slot FIRST = new Slot(0, 0);

    /** The next place behind this one. */
    Slot next() {
        return new Slot(dueMillis, number + 1);
    }

    @Override
    public int compareTo(Slot other) {
        int order = Long.compare(dueMillis, other.dueMillis);
        return order != 0 ? order : Long.compare(number, other.number);
    }
}
