package io.leat.wire.schema;

import org.jspecify.annotations.Nullable;

/** One component of a record in one version. */
final class Field {
    static final int UNTAGGED = -1;

    final String name;

    /** Its place in the row of numbers or of references. */
    final int slot;

    /** How a number travels; null for anything else. */
    final @Nullable Scalar scalar;

    /** How anything else travels; null for a number and where the version lacks the field. */
    final @Nullable ValueCodec codec;

    /** Its tag, or {@link #UNTAGGED}. */
    final int tag;

    /** Whether a version that lacks it drops its value without an error. */
    final boolean ignorable;

    Field(RecordSchema.Component component, @Nullable ValueCodec codec) {
        this.codec = codec;
        name = component.name;
        slot = component.slot;
        scalar = component.scalar;
        tag = component.tag;
        ignorable = component.ignorable;
    }

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
