package io.leat.tests.benchmarks;

import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.FetchRequest;
import io.leat.wire.message.FetchResponse;
import io.leat.wire.message.ProduceRequest;
import io.leat.wire.schema.ByteBufferSink;
import io.leat.wire.schema.MessageCodec;
import io.leat.wire.schema.Payload;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the derived codecs add to a Produce or a Fetch, whose records are {@value #RECORDS} bytes a
 * partition.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CodecBenchmark {
    private static final int RECORDS = 100;
    private static final short PRODUCE_VERSION = 12;
    private static final short FETCH_VERSION = 17;
    private static final UUID TOPIC = new UUID(1, 2);

    private static final MessageCodec<ProduceRequest> PRODUCE_REQUEST =
            MessageCodec.of(ProduceRequest.class);
    private static final MessageCodec<FetchRequest> FETCH_REQUEST =
            MessageCodec.of(FetchRequest.class);
    private static final MessageCodec<FetchResponse> FETCH_RESPONSE =
            MessageCodec.of(FetchResponse.class);

    @Param({"6", "1000"})
    private int partitions;

    private final ByteBufferSink sink = new ByteBufferSink(1 << 20);
    private ByteBuffer produceRequest = ByteBuffer.allocate(0);
    private ByteBuffer fetchRequest = ByteBuffer.allocate(0);
    private FetchResponse fetchResponse = new FetchResponse(0, (short) 0, 0, List.of(), List.of());

    @Setup
    public void build() {
        Payload records = new Payload.OfBuffer(ByteBuffer.allocate(RECORDS));
        produceRequest = PRODUCE_REQUEST.encode(produce(records), PRODUCE_VERSION);
        fetchRequest = FETCH_REQUEST.encode(fetch(), FETCH_VERSION);
        fetchResponse = fetched(records);
    }

    private ProduceRequest produce(Payload records) {
        var data =
                IntStream.range(0, partitions)
                        .mapToObj(i -> new ProduceRequest.PartitionProduceData(i, records))
                        .toList();
        var topic = new ProduceRequest.TopicProduceData("flights", TopicIds.NONE, data);
        return new ProduceRequest(null, (short) -1, 30_000, List.of(topic));
    }

    private FetchRequest fetch() {
        var wanted =
                IntStream.range(0, partitions)
                        .mapToObj(i ->
                                new FetchRequest.FetchPartition(
                                        i,
                                        0,
                                        1_000_000L + i,
                                        -1,
                                        -1,
                                        1 << 20,
                                        TopicIds.NONE,
                                        Long.MAX_VALUE))
                        .toList();
        return new FetchRequest(
                null,
                -1,
                FetchRequest.ReplicaState.CONSUMER,
                500,
                1,
                50 << 20,
                (byte) 0,
                77,
                3,
                List.of(new FetchRequest.FetchTopic("", TOPIC, wanted)),
                List.of(),
                "");
    }

    private FetchResponse fetched(Payload records) {
        var data =
                IntStream.range(0, partitions)
                        .mapToObj(i ->
                                FetchResponse.PartitionData.of(
                                        i,
                                        ErrorCode.NONE,
                                        1_000_000L + i,
                                        1_000_000L + i,
                                        0,
                                        records))
                        .toList();
        var topic = new FetchResponse.FetchableTopicResponse("", TOPIC, data);
        return new FetchResponse(0, (short) 0, 77, List.of(topic), List.of());
    }

    @Benchmark
    public ProduceRequest decodeProduceRequest() {
        return PRODUCE_REQUEST.decode(produceRequest, PRODUCE_VERSION);
    }

    @Benchmark
    public FetchRequest decodeFetchRequest() {
        return FETCH_REQUEST.decode(fetchRequest, FETCH_VERSION);
    }

    /** Copies the records too, which the broker does not. */
    @Benchmark
    public ByteBufferSink encodeFetchResponse() {
        sink.clear();
        FETCH_RESPONSE.encode(fetchResponse, FETCH_VERSION, sink);
        return sink;
    }
}
