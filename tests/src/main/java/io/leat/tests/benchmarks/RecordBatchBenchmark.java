package io.leat.tests.benchmarks;

import io.leat.wire.record.BatchCheck;
import io.leat.wire.record.Compression;
import io.leat.wire.record.Record;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordBatchBuilder;
import io.leat.wire.record.RecordBatches;
import io.leat.wire.record.RecordReader;
import io.leat.wire.record.RecordRules;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What Produce does to a batch before it is written, and what a client does at either end. All
 * figures are nanoseconds a record, of batches of {@value #RECORDS} records in a direct buffer;
 * those of {@link #headerWalk} nanoseconds a batch.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RecordBatchBenchmark {
    private static final int RECORDS = 500;
    private static final int BATCHES = 64;
    private static final RecordRules RULES = RecordRules.formatOnly(64 << 20);

    /** Key, value and overhead of a record. */
    @Param({"100", "1024"})
    private int recordBytes;

    private final RecordBatch view = new RecordBatch();
    private ByteBuffer[] keys = {};
    private ByteBuffer[] values = {};
    private ByteBuffer plain = ByteBuffer.allocate(0);
    private ByteBuffer lz4 = ByteBuffer.allocate(0);
    private ByteBuffer zstd = ByteBuffer.allocate(0);
    private ByteBuffer manyBatches = ByteBuffer.allocate(0);
    private ByteBuffer space = ByteBuffer.allocate(0);

    @Setup
    public void build() {
        Random random = new Random(42);
        keys = new ByteBuffer[RECORDS];
        values = new ByteBuffer[RECORDS];
        for (int i = 0; i < RECORDS; i++) {
            keys[i] = ByteBuffer.allocateDirect(10).putLong(2, random.nextLong());
            values[i] = text(random, recordBytes - 20);
        }
        space = ByteBuffer.allocateDirect(RECORDS * (recordBytes + 20));
        plain = batch(Compression.NONE);
        lz4 = batch(Compression.LZ4);
        zstd = batch(Compression.ZSTD);
        manyBatches = ByteBuffer.allocateDirect(BATCHES * plain.remaining());
        for (int i = 0; i < BATCHES; i++) {
            manyBatches.put(plain.duplicate());
        }
        manyBatches.flip();
    }

    /** Digits in a frame of fixed text: compresses about as JSON does. */
    private static ByteBuffer text(Random random, int size) {
        ByteBuffer text = ByteBuffer.allocateDirect(size);
        for (int i = 0; i < size; i++) {
            text.put(
                    (byte)
                            (i % 16 < 10
                                    ? "\"delayed\":".charAt(i % 16)
                                    : '0' + random.nextInt(10)));
        }
        return text.flip();
    }

    private ByteBuffer batch(Compression compression) {
        ByteBuffer built = fill(RecordBatchBuilder.into(space.clear()).compression(compression));
        return ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
    }

    private ByteBuffer fill(RecordBatchBuilder builder) {
        for (int i = 0; i < RECORDS; i++) {
            builder.append(1_700_000_000_000L + i, keys[i], values[i], List.of());
        }
        return builder.build();
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public boolean crc() {
        return view.wrap(plain, 0).crcValid();
    }

    @Benchmark
    @OperationsPerInvocation(BATCHES)
    public long headerWalk() {
        long sum = 0;
        for (RecordBatch batch : new RecordBatches(manyBatches)) {
            sum += batch.nextOffset() + batch.maxTimestampMillis();
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public BatchCheck deepCheck() {
        return BatchCheck.ofRecords(view.wrap(plain, 0), RULES);
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public BatchCheck deepCheckLz4() {
        return BatchCheck.ofRecords(view.wrap(lz4, 0), RULES);
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public BatchCheck deepCheckZstd() {
        return BatchCheck.ofRecords(view.wrap(zstd, 0), RULES);
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void reader(Blackhole sink) {
        try (RecordReader reader = new RecordReader(view.wrap(plain, 0), 0)) {
            while (reader.hasNext()) {
                Record record = reader.next();
                sink.consume(record);
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public ByteBuffer builder() {
        return fill(RecordBatchBuilder.into(space.clear()));
    }
}
