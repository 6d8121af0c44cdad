package io.leat.wire;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/** Topic ids as the protocol and its tools use them. */
public final class TopicIds {
    /** Stands for no id on the wire, where ids are never null. */
    public static final UUID NONE = new UUID(0, 0);

    private TopicIds() {}

    /** The 22 characters, Base64 for URLs, that Kafka's tools print for an id. */
    public static String text(UUID id) {
        byte[] bytes =
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
