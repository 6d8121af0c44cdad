package io.leat.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCodeTest {
    @Test
    void thereAreAsManyAsTheOfficialClientKnows() {
        assertEquals(Errors.values().length, ErrorCode.values().length);
    }

    @ParameterizedTest
    @EnumSource(Errors.class)
    void everyErrorIsTheOfficialClients(Errors theirs) {
        ErrorCode ours = ErrorCode.of(theirs.code());

        assertEquals(theirs.name(), ours.name());
        assertEquals(theirs.code(), ours.code());
        assertEquals(theirs.exception() instanceof RetriableException, ours.retriable());
    }

    @Test
    void codesOfANewerProtocolAreUnknownErrors() {
        assertSame(ErrorCode.UNKNOWN_SERVER_ERROR, ErrorCode.of((short) ErrorCode.values().length));
        assertSame(ErrorCode.UNKNOWN_SERVER_ERROR, ErrorCode.of(Short.MAX_VALUE));
        assertSame(ErrorCode.UNKNOWN_SERVER_ERROR, ErrorCode.of((short) -2));
        assertSame(ErrorCode.UNKNOWN_SERVER_ERROR, ErrorCode.of(Short.MIN_VALUE));
    }
}
