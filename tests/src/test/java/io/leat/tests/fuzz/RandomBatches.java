package io.leat.tests.fuzz;

import io.leat.wire.TopicIds;
import io.leat.wire.message.ProduceRequest;
import io.leat.wire.message.ProduceRequest.PartitionProduceData;
import io.leat.wire.message.ProduceRequest.TopicProduceData;
import io.leat.wire.record.Compression;
import io.leat.wire.record.RecordBatchBuilder;
import io.leat.wire.schema.Payload;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * Record batches, right and wrong: of every codec, with no records, with counts, sizes, offsets and
 * timestamps that overflow, and bombs that are a thousand times larger inside.
 *
 * <pre>
 * base offset(8) length(4) leader epoch(4) magic(1) CRC-32C(4) attributes(2) last offset delta(4)
 * base timestamp(8) max timestamp(8) producer id(8) epoch(2) base sequence(4) count(4) records
 * </pre>
 */
final class RandomBatches {
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int BASE_TIMESTAMP = 27;
    private static final int PRODUCER_ID = 43;
    private static final int COUNT = 57;
    private static final int HEADER_BYTES = 61;
    private static final int BOMB_BYTES = 32 << 20;
    private static final Map<Compression, byte[]> BOMBS = bombs();

    private final SplittableRandom random;

    RandomBatches(SplittableRandom random) {
        this.random = random;
    }

    /** A request that names the fuzzed topic, in one of its two ways. */
    ProduceRequest produce(short version) {
        return new ProduceRequest(
                null,
                (short) (random.nextInt(3) - 1),
                random.nextInt(100),
                List.of(
                        new TopicProduceData(
                                "fuzz",
                                TopicIds.NONE,
                                List.of(
                                        new PartitionProduceData(
                                                random.nextInt(2),
                                                new Payload.OfBuffer(batch()))))));
    }

    ByteBuffer batch() {
        int kind = random.nextInt(2000);
        if (kind == 0) {
            Compression[] codecs = BOMBS.keySet().toArray(Compression[]::new);
            return ByteBuffer.wrap(BOMBS.get(codecs[random.nextInt(codecs.length)]).clone());
        }
        if (kind < 100) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            return ByteBuffer.wrap(noise);
        }
        ByteBuffer batch = proper();
        if (kind < 1500) {
            spoil(batch);
        }
        return batch;
    }

    private ByteBuffer proper() {
        Compression[] codecs = Compression.values();
        RecordBatchBuilder builder =
                RecordBatchBuilder.growable(256).compression(codecs[random.nextInt(codecs.length)]);
        if (random.nextInt(4) == 0) {
            builder.producer(random.nextLong(5), (short) random.nextInt(3), random.nextInt(5));
        }
        int records = random.nextInt(5);
        long now = System.currentTimeMillis();
        for (int i = 0; i < Math.max(1, records); i++) {
            byte[] value = new byte[random.nextInt(300)];
            random.nextBytes(value);
            builder.append(now, random.nextBoolean() ? null : new byte[] {1, 2}, value);
        }
        ByteBuffer built = builder.build();
        return ByteBuffer.allocate(built.remaining()).put(built.duplicate()).flip();
    }

    /** One field wrong; mostly with a CRC that is right all the same. */
    private void spoil(ByteBuffer batch) {
        switch (random.nextInt(8)) {
            case 0 -> batch.putLong(0, random.nextBoolean() ? Long.MAX_VALUE : -1);
            case 1 -> batch.putInt(8, extreme());
            case 2 -> batch.putShort(ATTRIBUTES, (short) random.nextInt());
            case 3 -> batch.putInt(LAST_OFFSET_DELTA, extreme());
            case 4 -> batch.putLong(BASE_TIMESTAMP, Long.MAX_VALUE);
            case 5 -> batch.putLong(PRODUCER_ID, random.nextLong());
            case 6 -> batch.putInt(COUNT, extreme());
            default -> {
                int at = random.nextInt(HEADER_BYTES, Math.max(HEADER_BYTES + 1, batch.limit()));
                if (at < batch.limit()) {
                    batch.put(at, (byte) random.nextInt());
                }
            }
        }
        if (random.nextInt(5) > 0) {
            batch.putInt(CRC, crc(batch));
        }
    }

    private int extreme() {
        return switch (random.nextInt(5)) {
            case 0 -> Integer.MAX_VALUE;
            case 1 -> Integer.MIN_VALUE;
            case 2 -> -1;
            case 3 -> 0;
            default -> random.nextInt();
        };
    }

    private static int crc(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.slice(ATTRIBUTES, batch.limit() - ATTRIBUTES));
        return (int) crc.getValue();
    }

    private static Map<Compression, byte[]> bombs() {
        Map<Compression, byte[]> bombs = new EnumMap<>(Compression.class);
        for (Compression compression : Compression.values()) {
            if (compression != Compression.NONE) {
                RecordBatchBuilder builder =
                        RecordBatchBuilder.growable(1 << 20)
                                .sizeBytesMax(Integer.MAX_VALUE - 64)
                                .compression(compression);
                builder.append(System.currentTimeMillis(), null, new byte[BOMB_BYTES]);
                ByteBuffer built = builder.build();
                byte[] bytes = new byte[built.remaining()];
                built.get(bytes);
                bombs.put(compression, bytes);
            }
        }
        return bombs;
    }
}
