package io.leat.wire.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.Snappy;

class CompressionTest {
    private static final int COUNT = 200;
    private static final int MIB = 1 << 20;

    @Test
    void isKnownByIdAndName() {
        for (Compression compression : Compression.values()) {
            assertEquals(Optional.of(compression), Compression.ofId(compression.id()));
            assertEquals(
                    Optional.of(compression), Compression.ofConfigName(compression.configName()));
            assertEquals(
                    org.apache.kafka.common.record.internal.CompressionType.forId(compression.id())
                            .name,
                    compression.configName());
        }
        assertEquals(Optional.empty(), Compression.ofId(5));
        assertEquals(Optional.empty(), Compression.ofConfigName("brotli"));
    }

    @ParameterizedTest
    @CsvSource({"GZIP,1", "GZIP,9", "LZ4,1", "LZ4,17", "ZSTD,-5", "ZSTD,1", "ZSTD,19"})
    void everyLevelIsReadByKafkaAndByUs(Compression compression, int level) {
        RecordBatchBuilder builder =
                RecordBatchBuilder.growable(64).compression(compression, level);
        for (int i = 0; i < COUNT; i++) {
            builder.append(i, TestBatches.utf8("k" + i), TestBatches.utf8("value value value"));
        }
        ByteBuffer batch = builder.build();

        assertEquals(compression, RecordBatch.of(batch).compression());
        assertEquals(COUNT, TestBatches.read(batch).size());
        assertEquals(KafkaOracle.records(batch), TestBatches.read(batch));
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
    void recordsLargerThanAnyWindowOrBlock(Compression compression) {
        byte[] large = new byte[3 * MIB];
        new Random(7).nextBytes(large);
        RecordBatchBuilder builder = RecordBatchBuilder.growable(64).compression(compression);
        builder.append(0, new byte[10], new byte[200_000]);
        builder.append(1, new byte[10], large);
        builder.append(2, new byte[16 * 1024], new byte[16 * 1024]);
        ByteBuffer batch = builder.build();

        assertEquals(KafkaOracle.records(batch), TestBatches.read(batch));
        assertEquals(new BatchCheck.Passed(2), TestBatches.checkRecords(batch));
        assertEquals(new BatchCheck.Passed(2), TestBatches.checkRecords(TestBatches.direct(batch)));
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
    void aBombEndsWithAClearErrorAndLittleMemory(Compression compression) {
        byte[] zeros = new byte[16 * MIB];
        ByteBuffer hugeLength = ByteBuffer.allocate(Varints.INT_BYTES_MAX);
        Varints.putInt(hugeLength, Integer.MAX_VALUE);
        byte[][] bomb = {hugeLength.array(), zeros, zeros, zeros, zeros};
        ByteBuffer batch =
                TestBatches.around(compression, 1, TestBatches.compress(compression, bomb));
        // The first run loads classes.
        read(batch, MIB);
        long before = allocatedBytes();

        InvalidBatchException thrown = read(batch, MIB);
        BatchCheck check = BatchCheck.ofRecords(RecordBatch.of(batch), RecordRules.formatOnly(MIB));

        assertTrue(allocatedBytes() - before < 16 * MIB, "bounded memory");
        assertEquals(Flaw.INFLATES_TOO_LARGE, thrown.flaw());
        assertEquals(
                "the records inflate to more than the 1048576 bytes allowed", thrown.getMessage());
        BatchCheck.Failed failed = assertInstanceOf(BatchCheck.Failed.class, check);
        assertEquals(Flaw.INFLATES_TOO_LARGE, failed.flaw());
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
    void largeRecordsAreCheckedInLittleMemory(Compression compression) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(64).compression(compression);
        builder.append(
                1,
                ByteBuffer.wrap(new byte[10]),
                ByteBuffer.wrap(new byte[16 * MIB]),
                List.of(RecordHeader.of("origin", "EDDB")));
        builder.append(2, new byte[MIB], new byte[10]);
        RecordBatch batch = RecordBatch.of(builder.build());
        RecordRules rules = RecordRules.formatOnly(32 * MIB);
        // The first run loads classes.
        assertEquals(new BatchCheck.Passed(2), BatchCheck.ofRecords(batch, rules));
        long before = allocatedBytes();

        BatchCheck check = BatchCheck.ofRecords(batch, rules);

        assertTrue(allocatedBytes() - before < MIB, "no record is held");
        assertEquals(new BatchCheck.Passed(2), check);
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
    void fieldsMayLieAcrossTheEdgeOfAWindow(Compression compression) {
        for (int size = 16 * 1024 - 40; size <= 16 * 1024; size++) {
            RecordBatchBuilder builder = RecordBatchBuilder.growable(64).compression(compression);
            builder.append(
                    1,
                    ByteBuffer.wrap(new byte[size]),
                    ByteBuffer.wrap(new byte[300]),
                    List.of(RecordHeader.of("origin", "EDDB")));
            builder.append(2, new byte[200], new byte[200]);

            assertEquals(new BatchCheck.Passed(2), TestBatches.checkRecords(builder.build()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {900_000_000, 2_147_000_000})
    void aRecordThatClaimsToBeHugeIsRefusedInLittleMemory(int valueBytes) {
        ByteBuffer batch = claiming(valueBytes);
        int unbounded = Integer.MAX_VALUE - 8;
        long allocated =
                assertTimeoutPreemptively(
                        Duration.ofSeconds(30),
                        () -> {
                            long before = allocatedBytes();
                            assertInstanceOf(
                                    BatchCheck.Failed.class,
                                    BatchCheck.ofRecords(
                                            RecordBatch.of(batch),
                                            RecordRules.formatOnly(unbounded)));
                            return allocatedBytes() - before;
                        });

        assertTrue(allocated < 4 * MIB, "it took " + allocated + " bytes");
        InvalidBatchException thrown =
                assertTimeoutPreemptively(Duration.ofSeconds(30), () -> read(batch, unbounded));
        assertTrue(thrown.getMessage().startsWith("a record "), thrown::getMessage);
    }

    /** A batch whose only record claims a value of this size, of which a part comes: zeros. */
    private static ByteBuffer claiming(int valueBytes) {
        ByteBuffer start = ByteBuffer.allocate(2 * Varints.INT_BYTES_MAX + 4);
        Varints.putInt(start, 4 + Varints.sizeBytes(valueBytes) + valueBytes + 1);
        start.put(new byte[] {0, 0, 0, 1}); // attributes, timestamp, offset, and no key
        Varints.putInt(start, valueBytes);
        byte[] zeros = new byte[16 * MIB];
        byte[][] bomb = {TestBatches.array(start.flip()), zeros, zeros, zeros, zeros};
        return TestBatches.around(
                Compression.ZSTD, 1, TestBatches.compress(Compression.ZSTD, bomb));
    }

    @Test
    void manySmallRecordsAreABombToo() {
        byte[] record = {12, 0, 0, 0, 1, 1, 0};
        byte[] many = new byte[record.length * 100_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = record[i % record.length];
        }
        byte[] compressed = TestBatches.compress(Compression.ZSTD, many);
        ByteBuffer batch = TestBatches.around(Compression.ZSTD, 100_000, compressed);

        assertEquals(Flaw.INFLATES_TOO_LARGE, read(batch, many.length - 1).flaw());
    }

    @Test
    void aSnappyBlockCannotClaimMoreThanItCanHold() throws IOException {
        byte[] liar = {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f, 0, 0};
        ByteBuffer batch = TestBatches.around(Compression.SNAPPY, 1, liar);

        assertEquals(Flaw.BAD_COMPRESSION, read(batch, Integer.MAX_VALUE).flaw());
        byte[] rawBomb = Snappy.compress(new byte[4 * MIB]);
        assertEquals(
                Flaw.INFLATES_TOO_LARGE,
                read(TestBatches.around(Compression.SNAPPY, 1, rawBomb), MIB).flaw());
    }

    @Test
    void rawSnappyWithoutFramingIsRead() throws IOException {
        ByteBuffer plain = TestBatches.of(Compression.NONE, COUNT);
        byte[] raw = Snappy.compress(TestBatches.recordBytes(plain));
        ByteBuffer batch = TestBatches.around(Compression.SNAPPY, COUNT, raw);
        RecordBatch.of(batch).maxTimestampMillis(0);

        assertEquals(keys(plain), keys(batch));
        assertEquals(KafkaOracle.records(batch), TestBatches.read(batch));
    }

    @ParameterizedTest
    @EnumSource(BLOCKSIZE.class)
    void lz4FramesOfEveryBlockSizeAndOptionAreRead(BLOCKSIZE blockSize) throws IOException {
        ByteBuffer plain = TestBatches.of(Compression.NONE, 20_000);
        byte[] records = TestBatches.recordBytes(plain);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (LZ4FrameOutputStream out =
                new LZ4FrameOutputStream(
                        bytes,
                        blockSize,
                        records.length,
                        Bits.BLOCK_INDEPENDENCE,
                        Bits.BLOCK_CHECKSUM,
                        Bits.CONTENT_CHECKSUM,
                        Bits.CONTENT_SIZE)) {
            out.write(records);
        }
        ByteBuffer batch = TestBatches.around(Compression.LZ4, 20_000, bytes.toByteArray());

        assertEquals(keys(plain), keys(batch));
        assertEquals(KafkaOracle.records(batch).size(), TestBatches.read(batch).size());
    }

    @Test
    void lz4FramesOfDependentBlocksAreRefused() {
        byte[] frame = TestBatches.compress(Compression.LZ4, new byte[100]);
        frame[4] &= ~0x20;

        InvalidBatchException thrown =
                read(TestBatches.around(Compression.LZ4, 1, frame), Integer.MAX_VALUE);
        assertEquals(Flaw.BAD_COMPRESSION, thrown.flaw());
        assertEquals(
                "the records cannot be inflated: the LZ4 frame's blocks depend on each other",
                thrown.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"4, 1", "4, 2", "5, 1", "5, 8", "5, 128"})
    void lz4FlagsThatKafkaDoesNotReadAreRefused(int at, int flag) {
        byte[] frame = lz4Of(TestBatches.of(Compression.NONE, COUNT));
        frame[at] |= (byte) flag;
        int checksum = XXHashFactory.fastestInstance().hash32().hash(frame, 4, 2, 0);
        frame[6] = (byte) (checksum >> 8);
        ByteBuffer batch = TestBatches.around(Compression.LZ4, COUNT, frame);

        assertEquals(Flaw.BAD_COMPRESSION, read(batch, Integer.MAX_VALUE).flaw());
        assertThrows(RuntimeException.class, () -> KafkaOracle.records(batch));
    }

    private static byte[] lz4Of(ByteBuffer plain) {
        return TestBatches.compress(Compression.LZ4, TestBatches.recordBytes(plain));
    }

    @Test
    void lz4FramesWithoutTheChecksumTheyPromiseAreRefused() {
        byte[] frame = lz4Of(TestBatches.of(Compression.NONE, COUNT));
        frame[4] |= 0x04;
        int checksum = XXHashFactory.fastestInstance().hash32().hash(frame, 4, 2, 0);
        frame[6] = (byte) (checksum >> 8);

        byte[] whole = Arrays.copyOf(frame, frame.length + Integer.BYTES);
        assertEquals(
                COUNT, TestBatches.read(TestBatches.around(Compression.LZ4, COUNT, whole)).size());
        assertEquals(
                Flaw.BAD_COMPRESSION,
                read(TestBatches.around(Compression.LZ4, COUNT, frame), Integer.MAX_VALUE).flaw());
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
    void bytesOfAnotherKindAreRefused(Compression compression) {
        byte[] noise = new byte[500];
        new Random(compression.id()).nextBytes(noise);

        InvalidBatchException thrown =
                read(TestBatches.around(compression, 1, noise), Integer.MAX_VALUE);
        assertEquals(Flaw.BAD_COMPRESSION, thrown.flaw());
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
    void theBuffersOfTheBatchAreLeftAlone(Compression compression) {
        ByteBuffer batch = TestBatches.of(compression, COUNT);
        byte[] before = TestBatches.array(batch);
        ByteBuffer readOnly = batch.asReadOnlyBuffer().position(0);

        TestBatches.read(readOnly);
        TestBatches.checkRecords(readOnly);

        assertEquals(0, readOnly.position());
        assertEquals(batch.limit(), readOnly.limit());
        assertArrayEquals(before, TestBatches.array(batch));
    }

    private static Object keys(ByteBuffer batch) {
        return TestBatches.read(batch).stream().map(Record::key).toList();
    }

    private static InvalidBatchException read(ByteBuffer batch, int inflatedBytesMax) {
        return assertThrows(
                InvalidBatchException.class,
                () -> {
                    try (RecordReader reader =
                            new RecordReader(RecordBatch.of(batch), inflatedBytesMax)) {
                        while (reader.hasNext()) {
                            reader.next();
                        }
                    }
                });
    }

    private static long allocatedBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }
}
