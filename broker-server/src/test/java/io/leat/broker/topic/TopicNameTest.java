package io.leat.broker.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;

/** The same names are good as in Apache Kafka. */
class TopicNameTest {
    @Property(tries = 500)
    void judgesAsKafkaDoes(
            @ForAll
                    @StringLength(max = 260)
                    @CharRange(from = 'a', to = 'c')
                    @Chars({'.', '_', '-', 'Z', '0', '/', ' ', 'é', ':'})
                    String name) {
        assertEquals(validInKafka(name), TopicName.flaw(name).isEmpty(), name);
    }

    @Property(tries = 500)
    void collidesAsInKafka(
            @ForAll @StringLength(min = 1, max = 4) @Chars({'.', '_', 'a'}) String one,
            @ForAll @StringLength(min = 1, max = 4) @Chars({'.', '_', 'a'}) String other) {
        assertEquals(Topic.hasCollision(one, other), TopicName.collide(one, other));
    }

    @Example
    void internalNamesAreKafkas() {
        for (String name : new String[] {"__consumer_offsets", "__transaction_state", "a"}) {
            assertEquals(Topic.isInternal(name), TopicName.internal(name));
        }
    }

    private static boolean validInKafka(String name) {
        try {
            Topic.validate(name);
            return true;
        } catch (InvalidTopicException e) {
            return false;
        }
    }
}
