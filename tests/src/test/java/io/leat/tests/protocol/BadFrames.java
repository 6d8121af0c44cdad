package io.leat.tests.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Bytes upon which a broker must close the connection, by name. */
final class BadFrames {
    private static final short PRODUCE = 0;
    private static final short METADATA = 3;
    private static final short JOIN_GROUP = 11;

    private BadFrames() {}

    static Map<String, byte[]> all() {
        Map<String, byte[]> frames = new LinkedHashMap<>();
        for (int seed = 1; seed <= 20; seed++) {
            frames.put("random bytes, seed " + seed, random(seed, 512));
            frames.put("frame of random bytes, seed " + seed, frame(random(seed, 300)));
        }
        frames.put("length of 2 GiB", length(Integer.MAX_VALUE));
        frames.put("length of -1", length(-1));
        frames.put("most negative length", length(Integer.MIN_VALUE));
        frames.put("empty frame", length(0));
        frames.put("frame too short for a header", frame(new byte[5]));
        frames.put("text of another protocol", text("GET / HTTP/1.1\r\nHost: leat\r\n\r\n"));
        frames.put("TLS greeting", new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3, 9});
        frames.put("unknown API", request(9_999, 0, new byte[0]));
        frames.put("negative API", request(-7, 0, new byte[0]));
        frames.put("unknown version", request(METADATA, 99, new byte[0]));
        frames.put("negative version", request(PRODUCE, -1, new byte[0]));
        for (int seed = 1; seed <= 20; seed++) {
            frames.put("metadata of garbage, seed " + seed, request(METADATA, 9, garbage(seed)));
            frames.put("produce of garbage, seed " + seed, request(PRODUCE, 9, garbage(seed)));
            frames.put("join of garbage, seed " + seed, request(JOIN_GROUP, 6, garbage(seed)));
        }
        frames.put("array of two billion", request(METADATA, 1, length(Integer.MAX_VALUE)));
        frames.put("client id beyond the frame", clientIdBeyondFrame());
        return frames;
    }

    /** A frame with a proper request header and this body. */
    static byte[] request(int apiKey, int version, byte[] body) {
        byte[] clientId = text("odd");
        ByteBuffer out = ByteBuffer.allocate(10 + clientId.length + body.length);
        out.putShort((short) apiKey).putShort((short) version).putInt(7);
        out.putShort((short) clientId.length).put(clientId).put(body);
        return frame(out.array());
    }

    static byte[] frame(byte[] content) {
        return ByteBuffer.allocate(Integer.BYTES + content.length)
                .putInt(content.length)
                .put(content)
                .array();
    }

    static byte[] length(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    /** Header tags and every length in it claim more than there is. */
    private static byte[] garbage(int seed) {
        byte[] body = random(seed, 200);
        body[0] = 0; // no header tags
        for (int i = 1; i < 6; i++) {
            body[i] = (byte) 0xff; // then a length that goes on and on
        }
        return body;
    }

    private static byte[] clientIdBeyondFrame() {
        return frame(
                ByteBuffer.allocate(12)
                        .putShort(METADATA)
                        .putShort((short) 1)
                        .putInt(7)
                        .putShort(Short.MAX_VALUE)
                        .putShort((short) 0)
                        .array());
    }

    private static byte[] random(int seed, int size) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        bytes[0] |= (byte) 0x40; // as a length: too long for any broker; as an API: unknown
        return bytes;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
