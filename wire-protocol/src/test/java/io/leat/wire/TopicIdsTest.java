package io.leat.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.Uuid;

class TopicIdsTest {
    @Property
    void textIsTheOfficialClients(@ForAll long high, @ForAll long low) {
        assertEquals(new Uuid(high, low).toString(), TopicIds.text(new UUID(high, low)));
    }
}
