package io.leat.wire.record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;

/** Records and batch settings of all kinds that Kafka's builder takes. */
public final class RandomRecords extends DomainContextBase {
    @Provide
    Arbitrary<List<Record>> records() {
        return parts().list().ofMinSize(1).ofMaxSize(40).map(RandomRecords::number);
    }

    @Provide
    Arbitrary<KafkaOracle.Batch> settings() {
        return Combinators.combine(
                        Arbitraries.of(Compression.class),
                        Arbitraries.longs().between(0, Long.MAX_VALUE / 2),
                        Arbitraries.integers().between(-1, Integer.MAX_VALUE),
                        Arbitraries.longs().between(0, Long.MAX_VALUE),
                        Arbitraries.shorts().between((short) 0, Short.MAX_VALUE),
                        Arbitraries.integers().between(0, Integer.MAX_VALUE),
                        Arbitraries.of(true, false))
                .as(KafkaOracle.Batch::new);
    }

    private static Arbitrary<Record> parts() {
        Arbitrary<Long> usual = Arbitraries.longs().between(1_700_000_000_000L, 1_700_000_900_000L);
        Arbitrary<Long> any = Arbitraries.longs().between(-1, Long.MAX_VALUE);
        Arbitrary<Long> timestamps = Arbitraries.frequencyOf(Tuple.of(5, usual), Tuple.of(1, any));
        return Combinators.combine(timestamps, bytes(), bytes(), headers())
                .as((timestamp, key, value, headers) ->
                        new Record(0, timestamp, key, value, headers));
    }

    private static Arbitrary<ByteBuffer> bytes() {
        Arbitrary<ByteBuffer> small =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(200).map(ByteBuffer::wrap);
        Arbitrary<ByteBuffer> large =
                Combinators.combine(
                                Arbitraries.integers().between(201, 70_000),
                                Arbitraries.randomValue(random -> random.nextLong()))
                        .as(RandomRecords::noise);
        return Arbitraries.frequencyOf(Tuple.of(60, small), Tuple.of(1, large)).injectNull(0.1);
    }

    private static ByteBuffer noise(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static Arbitrary<List<RecordHeader>> headers() {
        Arbitrary<ByteBuffer> values =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(20).map(ByteBuffer::wrap);
        Arbitrary<String> keys =
                Arbitraries.strings().alpha().withChars('\u00e4', '\u20ac', '-').ofMaxLength(12);
        return Combinators.combine(keys, values.injectNull(0.2))
                .as(RecordHeader::new)
                .list()
                .ofMaxSize(4);
    }

    private static List<Record> number(List<Record> records) {
        List<Record> numbered = new ArrayList<>();
        for (Record record : records) {
            numbered.add(at(numbered.size(), record));
        }
        return numbered;
    }

    static Record at(long offset, Record record) {
        return new Record(
                offset, record.timestampMillis(), record.key(), record.value(), record.headers());
    }
}
