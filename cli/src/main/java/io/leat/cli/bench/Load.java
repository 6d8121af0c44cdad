package io.leat.cli.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * What is sent.
 *
 * @param topic where to
 * @param records how many are measured, of all producers together
 * @param warmUp how many are sent before that and not measured
 * @param sizeBytes of each value, at least {@value #STAMP_BYTES}
 * @param producers how many send at the same time
 * @param perSecond records a second of all producers together; 0 for as many as the broker takes
 */
record Load(
        String topic, long records, long warmUp, int sizeBytes, int producers, double perSecond) {
    /** A mark of the run, whether the record is measured, and when it was due. */
    static final int STAMP_BYTES = 3 * Long.BYTES;

    private static final int LETTERS = 26;

    long total() {
        return warmUp + records;
    }

    /** A producer's part: the numbers of both kinds of records that it sends. */
    Share share(int producer) {
        return new Share(part(warmUp, producer), part(records, producer));
    }

    private long part(long all, int producer) {
        return all * (producer + 1) / producers - all * producer / producers;
    }

    record Share(long warmUp, long records) {
        long total() {
            return warmUp + records;
        }
    }

    /** A value that compresses about as text does. */
    byte[] value(long run, boolean measured, long dueNanos, byte[] filling) {
        byte[] value = filling.clone();
        ByteBuffer.wrap(value).putLong(run).putLong(measured ? 1 : 0).putLong(dueNanos);
        return value;
    }

    /** Letters to fill values with. */
    byte[] filling(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder(sizeBytes);
        for (int i = 0; i < sizeBytes; i++) {
            text.append((char) ('A' + random.nextInt(LETTERS)));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
