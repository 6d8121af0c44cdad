package io.leat.wire.message;

import io.leat.wire.schema.MessageCodec;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The messages of this module, in every version. */
final class MessageTypes {
    record Versioned(
            MessageCodec<? extends Record> codec, Class<? extends Record> type, short version) {
        @Override
        public String toString() {
            return codec.name() + " v" + version;
        }
    }

    private MessageTypes() {}

    /** Those that the official client has too. */
    static List<Class<? extends Record>> types() {
        Stream<Class<? extends Record>> exchanged = exchanged(false);
        Stream<Class<? extends Record>> others =
                Stream.of(
                        RequestHeader.class,
                        ResponseHeader.class,
                        ConsumerProtocolSubscription.class,
                        ConsumerProtocolAssignment.class);
        return Stream.concat(exchanged, others).toList();
    }

    private static Stream<Class<? extends Record>> exchanged(boolean leats) {
        return Exchange.all().stream()
                .filter(exchange -> exchange.api().isLeats() == leats)
                .flatMap(exchange ->
                        Stream.of(exchange.request().type(), exchange.response().type()));
    }

    /** The messages that only Leat has. */
    static Stream<Versioned> leatsVersions() {
        return exchanged(true).flatMap(MessageTypes::versions);
    }

    /** The messages that the official client has too. */
    static Stream<Versioned> allVersions() {
        return types().stream().flatMap(MessageTypes::versions);
    }

    private static Stream<Versioned> versions(Class<? extends Record> type) {
        MessageCodec<? extends Record> codec = MessageCodec.of(type);
        return IntStream.rangeClosed(codec.lowestVersion(), codec.highestVersion())
                .mapToObj(version -> new Versioned(codec, type, (short) version));
    }
}
