package io.leat.broker.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Walks every API that has a rule, and tries it as somebody who may do nothing, or little. */
class AccessRulesTest {
    static final UUID TOPIC_ID = new UUID(1, 2);
    static final UUID OTHER_ID = new UUID(3, 4);

    private static final AccessRules RULES =
            new AccessRules(id ->
                    id.equals(TOPIC_ID)
                            ? Optional.of("t")
                            : id.equals(OTHER_ID) ? Optional.of("other") : Optional.empty());

    /** May do what its rights say, written {@code "READ TOPIC t"}; remembers what was asked. */
    static final class Rights implements Access {
        final Set<String> rights;
        final List<String> asked = new ArrayList<>();
        final List<String> denied = new ArrayList<>();

        Rights(String... rights) {
            this.rights = Set.of(rights);
        }

        @Override
        public int operations(ResourceType type, String name) {
            int bits = 0;
            for (Operation operation : Operation.values()) {
                if (type.knows(operation) && rights.contains(operation + " " + type + " " + name)) {
                    bits |= operation.bit();
                }
            }
            return bits;
        }

        @Override
        public boolean sees(Operation operation, ResourceType type, String name) {
            assertTrue(type.knows(operation), operation + " on " + type);
            asked.add(operation + " " + type + " " + name);
            return Access.super.sees(operation, type, name);
        }

        @Override
        public boolean mayAnywhere(Operation operation, ResourceType type) {
            return rights.stream().anyMatch(right -> right.startsWith(operation + " " + type));
        }

        @Override
        public void denied(Operation operation, ResourceType type, String name) {
            denied.add(operation + " " + type + " " + name);
        }
    }

    static Stream<AccessCase> cases() {
        return AccessCases.all().stream();
    }

    @Test
    void everyRuleIsTriedHere() {
        Set<ApiKey> tried = EnumSet.noneOf(ApiKey.class);
        AccessCases.all().forEach(one -> tried.add(one.api()));
        Set<ApiKey> untried = EnumSet.copyOf(RULES.apis());
        untried.removeAll(tried);
        assertEquals(Set.of(), untried, "APIs without a case in AccessCases");
    }

    @Test
    void anApiWithoutARuleIsNotServed() {
        assertThrows(
                IllegalStateException.class,
                () -> RULES.require(ApiKey.VOTE, RequestMessage.class, ResponseMessage.class));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whoMayNothingIsRefused(AccessCase one) {
        Rights nobody = new Rights();
        ResponseMessage answer = one.answer(RULES, nobody);
        Set<ErrorCode> codes = AccessCase.errors(answer);
        assertEquals(one.refusal(), codes, () -> "errors in " + answer);
        assertEquals(new TreeSet<>(), AccessCase.mentioned(answer, one.hidden()));
        if (one.refusal().isEmpty()) {
            assertEquals(List.of(), nobody.denied); // silently left out
        } else {
            assertFalse(nobody.denied.isEmpty(), "no denial was noted");
        }
        assertEquals(one.needs().isEmpty(), nobody.asked.isEmpty(), "whether it asks at all");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whoMayWhatItNeedsIsServed(AccessCase one) {
        Rights some = new Rights(one.needs().toArray(String[]::new));
        Verdict<RequestMessage, ResponseMessage> verdict = one.judge(RULES, some);
        assertFalse(verdict.refuses(), () -> "refused: " + some.denied);
        assertEquals(List.of(), some.denied);
        assertEquals(
                one.request(), ((Verdict.Passed<?, ?>) verdict).request(), "the request is whole");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whoLacksOneOfSeveralRightsIsRefused(AccessCase one) {
        for (String lacking : one.needs()) {
            Set<String> rest = new HashSet<>(one.needs());
            rest.remove(lacking);
            Rights some = new Rights(rest.toArray(String[]::new));
            ResponseMessage answer = one.answer(RULES, some);
            assertFalse(
                    AccessCase.errors(answer).isEmpty()
                            && AccessCase.mentioned(one.handled(), one.hidden())
                                    .equals(AccessCase.mentioned(answer, one.hidden())),
                    () -> "it does not need " + lacking);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theOpenAccessPassesAllOn(AccessCase one) {
        Verdict<RequestMessage, ResponseMessage> verdict = one.judge(RULES, Access.OPEN);
        assertFalse(verdict.refuses());
        assertEquals(
                one.request(), ((Verdict.Passed<?, ?>) verdict).request(), "the request is whole");
    }
}
