package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.Utils;

final class KeyHashTest {
    @Property
    void isTheHashOfKafkasProducer(
            @ForAll byte[] key, @ForAll @IntRange(min = 1, max = 10_000) int partitionCount) {
        assertEquals(Utils.murmur2(key), KeyHash.murmur2(key));
        assertEquals(
                BuiltInPartitioner.partitionForKey(key, partitionCount),
                KeyHash.partition(key, partitionCount));
    }
}
