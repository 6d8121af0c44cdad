package io.leat.broker.erasure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.leat.compaction.erasure.KeyHash;
import io.leat.compaction.erasure.LogProgress;
import io.leat.compaction.erasure.LogProgress.Pending;
import io.leat.compaction.erasure.LogProgress.Stage;
import io.leat.storage.api.StorageException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ErasureFormatTest {
    @Property(tries = 200)
    void whatIsKeptIsReadAgain(@ForAll long seed) {
        Random random = new Random(seed);
        Erasure erasure = erasure(random);
        byte[] key = ErasureFormat.key(erasure.id());
        assertEquals(erasure, ErasureFormat.read(key, ErasureFormat.value(erasure)));

        LogProgress progress = progress(random);
        int partition = random.nextInt(10_000);
        byte[] logKey = ErasureFormat.logKey(erasure.id(), partition);
        assertEquals(partition, ErasureFormat.partition(logKey));
        assertEquals(
                progress,
                ErasureFormat.readProgress(erasure.id(), partition, ErasureFormat.value(progress)));
    }

    @Property(tries = 100)
    void whatIsCutOffIsRefused(@ForAll long seed) {
        Random random = new Random(seed);
        Erasure erasure = erasure(random);
        byte[] value = ErasureFormat.value(erasure);
        byte[] cut = Arrays.copyOf(value, random.nextInt(value.length));
        byte[] key = ErasureFormat.key(erasure.id());
        assertThrows(StorageException.class, () -> ErasureFormat.read(key, cut));

        byte[] progress = ErasureFormat.value(progress(random));
        byte[] cutProgress = Arrays.copyOf(progress, random.nextInt(progress.length));
        assertThrows(
                StorageException.class,
                () -> ErasureFormat.readProgress(erasure.id(), 0, cutProgress));
    }

    private static Erasure erasure(Random random) {
        List<KeyHash> keys =
                random.longs(random.nextInt(5))
                        .mapToObj(n -> new KeyHash(n, n + 1, -n, random.nextLong()))
                        .toList();
        Erasure.State[] states = Erasure.State.values();
        return new Erasure(
                new UUID(random.nextLong(), random.nextLong()),
                "topic-" + random.nextInt(),
                new UUID(random.nextLong(), random.nextLong()),
                keys,
                random.nextBoolean(),
                "somebody",
                random.nextLong(),
                random.nextInt(),
                states[random.nextInt(states.length)],
                random.nextBoolean() ? Optional.empty() : Optional.of("därüm"),
                random.nextLong(),
                new ErasureTotals(
                        random.nextInt(),
                        random.nextLong(),
                        random.nextLong(),
                        random.nextInt(),
                        random.nextInt(),
                        random.nextLong()));
    }

    private static LogProgress progress(Random random) {
        Stage[] stages = Stage.values();
        return new LogProgress(
                random.nextLong(),
                stages[random.nextInt(stages.length)],
                random.nextLong(),
                random.nextLong(),
                random.nextInt(),
                random.nextInt(),
                random.nextLong(),
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(
                                new Pending(
                                        random.nextLong(),
                                        random.nextLong(),
                                        random.nextLong(),
                                        random.nextLong())));
    }
}
