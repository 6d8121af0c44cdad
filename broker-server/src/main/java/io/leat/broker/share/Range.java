package io.leat.broker.share;

/** Neighbouring offsets, both ends included. */
interface Range {
    long first();

    long last();

    /** How many there are, 1 or more. */
    default long count() {
        return last() - first() + 1;
    }
}
