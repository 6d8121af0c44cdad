package io.leat.tests.faults;

import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** How a {@link Witness.Id} travels: as the key; the value is padding of some size. */
final class NumberedRecord {
    private static final int SIZE_MAX = 600;

    private NumberedRecord() {}

    static ProducerRecord<byte[], byte[]> of(int partition, Witness.Id id, Random random) {
        byte[] key = ByteBuffer.allocate(8).putInt(id.producer()).putInt(id.number()).array();
        byte[] value = new byte[random.nextInt(SIZE_MAX)];
        // Half of it compresses well.
        for (int i = 0; i < value.length / 2; i++) {
            value[i] = (byte) random.nextInt();
        }
        return new ProducerRecord<>(Workload.TOPIC, partition, key, value);
    }

    static Witness.Found found(ConsumerRecord<byte[], byte[]> record) {
        ByteBuffer key = ByteBuffer.wrap(record.key());
        return new Witness.Found(
                record.partition(), record.offset(), new Witness.Id(key.getInt(), key.getInt()));
    }
}
