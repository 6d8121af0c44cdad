package io.leat.wire.schema;

import org.jspecify.annotations.Nullable;

/**
 * Takes records of one type apart and puts them together. A record's components are split into two
 * rows, each in the components' order: primitives, widened to 64 bits as {@link Scalar} says, and
 * references.
 */
interface RecordAccess {
    Object create(long[] numbers, @Nullable Object[] references);

    void read(Object value, long[] numbers, @Nullable Object[] references);
}
