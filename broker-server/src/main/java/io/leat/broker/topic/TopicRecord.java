package io.leat.broker.topic;

import io.leat.storage.api.StorageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A topic as the state store keeps it.
 *
 * <pre>
 * key    "topic/" id(16)                 a topic
 *        "deleted-topic/" id(16)         a topic whose logs are still to be removed
 *
 * value  version(1)=1
 *        name       length(2) UTF-8
 *        partitions (4)
 *        configs    count(4) { length(2) UTF-8 name, length(4) UTF-8 value }
 * </pre>
 */
record TopicRecord(UUID id, String name, int partitions, Map<String, String> configs) {
    static final byte[] LIVE = "topic/".getBytes(StandardCharsets.US_ASCII);
    static final byte[] DELETED = "deleted-topic/".getBytes(StandardCharsets.US_ASCII);

    private static final int VERSION = 1;

    byte[] key(byte[] prefix) {
        return ByteBuffer.allocate(prefix.length + 16)
                .put(prefix)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    byte[] value() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeUTF(name);
            out.writeInt(partitions);
            out.writeInt(configs.size());
            for (Map.Entry<String, String> config : configs.entrySet()) {
                out.writeUTF(config.getKey());
                byte[] value = config.getValue().getBytes(StandardCharsets.UTF_8);
                out.writeInt(value.length);
                out.write(value);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array does not fail
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #key} and {@link #value} wrote.
     *
     * @throws StorageException when the bytes are no topic
     */
    static TopicRecord read(byte[] prefix, byte[] key, byte[] value) {
        if (key.length != prefix.length + 16) {
            throw new StorageException("The state store holds a topic key of a wrong length");
        }
        ByteBuffer idBytes = ByteBuffer.wrap(key, prefix.length, 16);
        UUID id = new UUID(idBytes.getLong(), idBytes.getLong());
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new StorageException(
                        "The state store holds topic "
                                + id
                                + " in format "
                                + version
                                + ", which this release does not know");
            }
            String name = in.readUTF();
            int partitions = in.readInt();
            int count = in.readInt();
            Map<String, String> configs = new LinkedHashMap<>();
            for (int index = 0; index < count; index++) {
                String config = in.readUTF();
                configs.put(
                        config, new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
            }
            return new TopicRecord(id, name, partitions, configs);
        } catch (IOException e) {
            throw new StorageException(
                    "The state store's record of topic " + id + " is cut off", e);
        }
    }
}
