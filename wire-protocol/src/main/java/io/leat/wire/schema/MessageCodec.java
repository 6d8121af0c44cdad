package io.leat.wire.schema;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Decodes and encodes one type of message in all its versions. The annotated record is not looked
 * at before the codec is asked something, and what a version looks like is derived when that
 * version is first used: having a codec costs nothing. Any thread may use it.
 *
 * @param <T> a record annotated with {@link Message}
 */
public final class MessageCodec<T> {
    private static final ClassValue<MessageCodec<?>> CODECS =
            new ClassValue<>() {
                @Override
                protected MessageCodec<?> computeValue(Class<?> type) {
                    return new MessageCodec<>(type);
                }
            };

    private final Class<T> type;
    private volatile @Nullable Versions versions;

    private MessageCodec(Class<T> type) {
        this.type = type;
    }

    /** The codec of a message type; the same one for every call. */
    @SuppressWarnings("unchecked") // CODECS holds a codec of T for T
    public static <T extends Record> MessageCodec<T> of(Class<T> type) {
        return (MessageCodec<T>) CODECS.get(type);
    }

    /** The record that the messages are. */
    public Class<T> type() {
        return type;
    }

    /** The message's name, as Kafka's definitions have it. */
    public String name() {
        return type.getSimpleName();
    }

    public short lowestVersion() {
        return versions().lowest;
    }

    public short highestVersion() {
        return versions().highest;
    }

    public boolean supports(short version) {
        return versions().contain(version);
    }

    /** Whether a version has compact lengths and tagged fields; also answers for unknown ones. */
    public boolean flexible(short version) {
        return version >= versions().flexibleFrom;
    }

    /**
     * Decodes a message that fills the buffer from position to limit, neither of which moves. Bytes
     * and records of the message are slices of the buffer: they share its memory.
     *
     * @throws MalformedMessageException if the bytes are anything else than such a message
     * @throws IllegalArgumentException if the message has no such version
     */
    public T decode(ByteBuffer in, short version) {
        return decode(in, version, Integer.MAX_VALUE);
    }

    /**
     * The same for bytes from somebody who is not trusted.
     *
     * @param elementsMax how many elements all lists of the message may have together
     */
    public T decode(ByteBuffer in, short version, int elementsMax) {
        StructCodec codec = codec(version);
        try {
            WireSource source = new WireSource(in, elementsMax);
            T decoded = type.cast(codec.read(source));
            if (source.remaining() != 0) {
                throw new MalformedMessageException(
                        source.remaining() + " bytes follow the message");
            }
            return decoded;
        } catch (MalformedMessageException e) {
            e.inMessage(name(), version);
            throw e;
        }
    }

    /** Like {@link #decode}, but bytes may follow: the buffer's position moves to the first. */
    public T decodePrefix(ByteBuffer in, short version) {
        StructCodec codec = codec(version);
        try {
            WireSource source = new WireSource(in, Integer.MAX_VALUE);
            T decoded = type.cast(codec.read(source));
            in.position(source.position());
            return decoded;
        } catch (MalformedMessageException e) {
            e.inMessage(name(), version);
            throw e;
        }
    }

    /**
     * Encodes a message. After an exception the sink holds a part of it.
     *
     * @throws UnencodableMessageException if the version cannot carry what the message says
     * @throws IllegalArgumentException if the message has no such version
     */
    public void encode(T message, short version, WireSink out) {
        StructCodec codec = codec(version);
        try {
            codec.write(message, out);
        } catch (UnencodableMessageException e) {
            e.inMessage(name(), version);
            throw e;
        }
    }

    /**
     * The same message with another {@code throttleTimeMs}: how long its receiver shall wait before
     * the next request (KIP-219). A message without such a field stays as it is.
     */
    public T withThrottleTime(T message, int millis) {
        RecordSchema schema = RecordSchema.of(type);
        for (RecordSchema.Component component : schema.components()) {
            if (component.name.equals("throttleTimeMs") && component.scalar != null) {
                long[] numbers = schema.defaultNumbers().clone();
                @Nullable Object[] references = schema.defaultReferences().clone();
                schema.access().read(message, numbers, references);
                numbers[component.slot] = millis;
                return type.cast(schema.access().create(numbers, references));
            }
        }
        return message;
    }

    /** Encodes into a new buffer, position 0 to limit. Throws like the method with a sink. */
    public ByteBuffer encode(T message, short version) {
        ByteBufferSink sink = new ByteBufferSink();
        encode(message, version, sink);
        return sink.toBuffer();
    }

    /** The size of the encoded message in bytes. Throws like {@link #encode}. */
    public int sizeBytes(T message, short version) {
        SizeCounter counter = new SizeCounter();
        encode(message, version, counter);
        return counter.sizeBytes();
    }

    /**
     * Derives what a version looks like now, so that its first message need not wait for it.
     *
     * @throws IllegalArgumentException if the message has no such version
     */
    public void prepare(short version) {
        codec(version);
    }

    private StructCodec codec(short version) {
        Versions known = versions();
        if (!known.contain(version)) {
            throw new IllegalArgumentException(
                    name()
                            + " has no version "
                            + version
                            + ", only "
                            + known.lowest
                            + " to "
                            + known.highest);
        }
        int index = version - known.lowest;
        StructCodec codec = known.codecs.get(index);
        if (codec == null) {
            codec = StructCodec.of(type, version, version >= known.flexibleFrom);
            known.codecs.set(index, codec);
        }
        return codec;
    }

    /** Two threads may both derive what is not there yet: the results are equal, either may win. */
    private Versions versions() {
        Versions known = versions;
        if (known == null) {
            known = new Versions(type);
            versions = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return "codec of " + name();
    }

    private static final class Versions {
        final short lowest;
        final short highest;
        final short flexibleFrom;
        final AtomicReferenceArray<StructCodec> codecs;

        Versions(Class<?> type) {
            Message message = type.getAnnotation(Message.class);
            if (message == null) {
                throw new IllegalArgumentException(
                        type.getName() + " is not annotated with @Message");
            }
            lowest = message.from();
            highest = message.to();
            flexibleFrom = message.flexibleFrom();
            codecs = new AtomicReferenceArray<>(highest - lowest + 1);
        }

        boolean contain(short version) {
            return version >= lowest && version <= highest;
        }
    }
}
