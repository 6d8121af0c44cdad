package io.leat.wire.schema;

import org.jspecify.annotations.Nullable;

/** Reads and writes what is not a plain number. One instance per place in a schema; immutable. */
interface ValueCodec {
    /** Gives null only if null is allowed in this place. */
    @Nullable Object read(WireSource in);

    /** Writes a value, which may be null only if null is allowed in this place. */
    void write(@Nullable Object value, WireSink out);

    /** The fewest bytes a value has, 1 or more: bounds the elements that the rest can hold. */
    int sizeBytesMin();
}
