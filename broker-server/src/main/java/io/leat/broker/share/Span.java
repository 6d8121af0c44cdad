package io.leat.broker.share;

/** Neighbouring offsets that all have records. */
record Span(long first, long last) implements Range {
    Span {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException("no span: %d to %d".formatted(first, last));
        }
    }
}
