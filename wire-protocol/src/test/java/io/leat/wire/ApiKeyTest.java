package io.leat.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTest {
    @Test
    void thereAreAsManyAsTheOfficialClientKnows() {
        long official = Arrays.stream(ApiKey.values()).filter(api -> !api.isLeats()).count();
        assertEquals(ApiKeys.values().length, official);
    }

    @ParameterizedTest
    @EnumSource(ApiKey.class)
    void everyApiIsFoundByItsId(ApiKey api) {
        assertEquals(Optional.of(api), ApiKey.of(api.id()));
    }

    @Test
    void leatsOwnAreFarFromTheOfficialOnesAndNamedAsOurs() {
        for (ApiKey api : ApiKey.values()) {
            assertEquals(api.isLeats(), api.id() >= 20_000, api::apiName);
            assertEquals(api.isLeats(), !ApiKeys.hasId(api.id()), api::apiName);
            assertEquals(api.isLeats(), api.apiName().startsWith("Leat"), api::apiName);
        }
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
    @ValueSource(shorts = {-1, 95, 10_000, 19_999, 20_100, Short.MAX_VALUE, Short.MIN_VALUE})
    void otherIdsAreNoApi(short id) {
        assertEquals(Optional.empty(), ApiKey.of(id));
    }
}
