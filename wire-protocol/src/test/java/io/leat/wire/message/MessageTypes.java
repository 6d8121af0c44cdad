package io.leat.wire.message;

import io.leat.wire.schema.MessageCodec;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Every message of this module, in every version. */
final class MessageTypes {
    record Versioned(
            MessageCodec<? extends Record> codec, Class<? extends Record> type, short version) {
        @Override
        public String toString() {
            return codec.name() + " v" + version;
        }
    }

    private MessageTypes() {}

    static List<Class<? extends Record>> types() {
        Stream<Class<? extends Record>> exchanged =
                Exchange.all().stream()
                        .flatMap(e -> Stream.of(e.request().type(), e.response().type()));
        Stream<Class<? extends Record>> others =
                Stream.of(
                        RequestHeader.class,
                        ResponseHeader.class,
                        ConsumerProtocolSubscription.class,
                        ConsumerProtocolAssignment.class);
        return Stream.concat(exchanged, others).toList();
    }

    static Stream<Versioned> allVersions() {
        return types().stream().flatMap(MessageTypes::versions);
    }

    private static Stream<Versioned> versions(Class<? extends Record> type) {
        MessageCodec<? extends Record> codec = MessageCodec.of(type);
        return IntStream.rangeClosed(codec.lowestVersion(), codec.highestVersion())
                .mapToObj(version -> new Versioned(codec, type, (short) version));
    }
}
