package io.leat.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTest {
    @Test
    void thereAreAsManyAsTheOfficialClientKnows() {
        assertEquals(ApiKeys.values().length, ApiKey.values().length);
    }

    @ParameterizedTest
    @EnumSource(ApiKeys.class)
    void everyApiIsTheOfficialClients(ApiKeys theirs) {
        ApiKey ours = ApiKey.of(theirs.id).orElseThrow();

        assertEquals(theirs.name(), ours.name());
        assertEquals(theirs.id, ours.id());
        assertEquals(theirs.messageType.name, ours.apiName());
    }

    @ParameterizedTest
    @ValueSource(shorts = {-1, 95, Short.MAX_VALUE, Short.MIN_VALUE})
    void otherIdsAreNoApi(short id) {
        assertEquals(Optional.empty(), ApiKey.of(id));
    }
}
