package io.leat.wire.schema;

import org.jspecify.annotations.Nullable;

/**
 * One component of a record in one version.
 *
 * @param name the component's name
 * @param slot its place in the row of numbers or of references
 * @param scalar how a number travels; null for anything else
 * @param codec how anything else travels; null for a number, and where the version lacks the field
 * @param tag its tag, or -1
 * @param ignorable whether a version that lacks it drops its value without an error
 */
record Field(
        String name,
        int slot,
        @Nullable Scalar scalar,
        @Nullable ValueCodec codec,
        int tag,
        boolean ignorable) {
    static final int UNTAGGED = -1;

    void read(WireSource in, long[] numbers, @Nullable Object[] references) {
        if (scalar != null) {
            numbers[slot] = scalar.read(in);
        } else {
            references[slot] = present().read(in);
        }
    }

    void write(long[] numbers, @Nullable Object[] references, WireSink out) {
        if (scalar != null) {
            scalar.write(numbers[slot], out);
        } else {
            present().write(references[slot], out);
        }
    }

    int sizeBytesMin() {
        return scalar != null ? scalar.sizeBytes : present().sizeBytesMin();
    }

    private ValueCodec present() {
        if (codec == null) {
            throw new IllegalStateException(name + " is not in this version");
        }
        return codec;
    }
}
