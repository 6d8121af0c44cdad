package io.leat.wire.schema;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Decodes and encodes one type of message in all its versions. What a version looks like is derived
 * from the annotated record when that version is first used. Any thread may use a codec.
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
    private final Message message;
    private final AtomicReferenceArray<StructCodec> versions;

    private MessageCodec(Class<T> type) {
        this.type = type;
        Message annotation = type.getAnnotation(Message.class);
        if (annotation == null) {
            throw new IllegalArgumentException(type.getName() + " is not annotated with @Message");
        }
        message = annotation;
        versions = new AtomicReferenceArray<>(message.to() - message.from() + 1);
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
        return message.from();
    }

    public short highestVersion() {
        return message.to();
    }

    public boolean supports(short version) {
        return version >= message.from() && version <= message.to();
    }

    /** Whether a version has compact lengths and tagged fields; also answers for unknown ones. */
    public boolean flexible(short version) {
        return version >= message.flexibleFrom();
    }

    /**
     * Decodes a message that fills the buffer from position to limit, neither of which moves. Bytes
     * and records of the message are slices of the buffer: they share its memory.
     *
     * @throws MalformedMessageException if the bytes are anything else than such a message
     * @throws IllegalArgumentException if the message has no such version
     */
    public T decode(ByteBuffer in, short version) {
        StructCodec codec = codec(version);
        try {
            WireSource source = new WireSource(in);
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
            WireSource source = new WireSource(in);
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

    private StructCodec codec(short version) {
        if (!supports(version)) {
            throw new IllegalArgumentException(
                    name()
                            + " has no version "
                            + version
                            + ", only "
                            + message.from()
                            + " to "
                            + message.to());
        }
        int index = version - message.from();
        StructCodec codec = versions.get(index);
        if (codec == null) {
            // Two threads may both derive it: the codecs are equal, either may win.
            codec = StructCodec.of(type, version, flexible(version));
            versions.set(index, codec);
        }
        return codec;
    }

    @Override
    public String toString() {
        return "codec of " + name();
    }
}
