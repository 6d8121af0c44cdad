package io.leat.compaction.erasure;

import io.leat.storage.api.Batches;
import io.leat.wire.record.Compression;
import io.leat.wire.record.RecordBatchBuilder;
import io.leat.wire.record.RecordHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Appends random batches: all codecs, plain, idempotent and transactional producers, transactions
 * committed, aborted and left open, tombstones, records without keys, headers.
 */
final class RandomLog {
    static final List<String> VICTIMS =
            List.of("victim-7f3a91c2-anna", "victim-04be77d1-bert", "victim-9d20cc58-cleo");

    /** What every value of a victim's record begins with. */
    static final String SECRET = "secret-of-somebody-";

    private static final Compression[] CODECS = Compression.values();
    private static final int PRODUCERS = 4;

    private final Random random;
    private final TestLog log;
    private final int[] nextSequence = new int[PRODUCERS];
    private final boolean[] inTransaction = new boolean[PRODUCERS];

    RandomLog(long seed, TestLog log) {
        this.random = new Random(seed);
        this.log = log;
    }

    void append(int batches) {
        for (int i = 0; i < batches; i++) {
            append();
        }
    }

    private void append() {
        int producer = random.nextInt(PRODUCERS + 2);
        if (producer >= PRODUCERS) {
            log.append(fill(builder()).build());
        } else if (producer % 2 == 0) {
            produce(producer, builder());
        } else if (inTransaction[producer] && random.nextInt(3) == 0) {
            log.append(Batches.marker(producer, 0, random.nextBoolean()));
            inTransaction[producer] = false;
        } else {
            inTransaction[producer] = true;
            produce(producer, builder().transactional());
        }
    }

    private void produce(int producer, RecordBatchBuilder builder) {
        builder.producer(producer, (short) 0, nextSequence[producer]);
        RecordBatchBuilder filled = fill(builder);
        nextSequence[producer] += filled.recordCount();
        log.append(filled.build());
    }

    private RecordBatchBuilder builder() {
        Compression codec =
                random.nextBoolean() ? Compression.NONE : CODECS[random.nextInt(CODECS.length)];
        return RecordBatchBuilder.growable(512).compression(codec);
    }

    private RecordBatchBuilder fill(RecordBatchBuilder builder) {
        boolean onlyVictims = random.nextInt(8) == 0;
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            boolean victim = onlyVictims || random.nextInt(12) == 0;
            String key =
                    victim
                            ? VICTIMS.get(random.nextInt(VICTIMS.size()))
                            : random.nextInt(6) == 0 ? null : "other-" + random.nextInt(50);
            builder.append(random.nextLong(1_000_000), wrap(key), wrap(value(victim)), headers());
        }
        return builder;
    }

    private @Nullable String value(boolean victim) {
        String word = victim ? SECRET : "value-";
        return random.nextInt(5) == 0
                ? null
                : word + random.nextInt(1000) + "x".repeat(random.nextInt(60));
    }

    private List<RecordHeader> headers() {
        List<RecordHeader> headers = new ArrayList<>();
        for (int left = random.nextInt(3); left > 0; left--) {
            headers.add(new RecordHeader("header" + random.nextInt(9), wrap("h" + left)));
        }
        return headers;
    }

    private static @Nullable ByteBuffer wrap(@Nullable String text) {
        return text == null ? null : ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
