package io.leat.broker.access;

import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import java.lang.reflect.RecordComponent;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A request and what becomes of it.
 *
 * @param response what the handler would answer
 * @param refusal the errors that somebody without rights is told; empty where parts of the answer
 *     are left out instead
 * @param hidden names that such a one must not find in the answer
 * @param needs the rights that let it pass, as {@code "READ TOPIC t"}
 */
record AccessCase(
        ApiKey api,
        int version,
        RequestMessage request,
        Optional<ResponseMessage> response,
        Set<ErrorCode> refusal,
        Set<String> hidden,
        Set<String> needs) {

    static AccessCase asking(ApiKey api, int version, RequestMessage request) {
        return new AccessCase(
                api, version, request, Optional.empty(), Set.of(), Set.of(), Set.of());
    }

    AccessCase needs(String... rights) {
        return new AccessCase(api, version, request, response, refusal, hidden, Set.of(rights));
    }

    AccessCase refusedWith(ErrorCode... errors) {
        return new AccessCase(api, version, request, response, Set.of(errors), hidden, needs);
    }

    AccessCase handled(ResponseMessage by) {
        return new AccessCase(api, version, request, Optional.of(by), refusal, hidden, needs);
    }

    AccessCase hides(String... names) {
        return new AccessCase(api, version, request, response, refusal, Set.of(names), needs);
    }

    ResponseMessage handled() {
        return response.orElse(new Nothing());
    }

    private record Nothing() implements ResponseMessage {}

    Verdict<RequestMessage, ResponseMessage> judge(AccessRules rules, Access access) {
        return rules.judge(api, access, (short) version, request);
    }

    /** What the client is told in the end. */
    ResponseMessage answer(AccessRules rules, Access access) {
        return switch (judge(rules, access)) {
            case Verdict.Refused<RequestMessage, ResponseMessage> refused -> refused.response();
            case Verdict.Passed<RequestMessage, ResponseMessage> passed ->
                    passed.finish().orElse(UnaryOperator.identity()).apply(handled());
        };
    }

    /** All errors in a message but that there is none. */
    static Set<ErrorCode> errors(Object message) {
        Set<ErrorCode> found = EnumSet.noneOf(ErrorCode.class);
        walk(
                "",
                message,
                leaf -> {
                    if (leaf.name().endsWith("rrorCode")) {
                        found.add(ErrorCode.of((short) leaf.value()));
                    }
                });
        found.remove(ErrorCode.NONE);
        return found;
    }

    /** Which of {@code names} are in a message. */
    static Set<String> mentioned(Object message, Set<String> names) {
        Set<String> found = new TreeSet<>();
        walk(
                "",
                message,
                leaf -> {
                    if (leaf.value() instanceof String text && names.contains(text)) {
                        found.add(text);
                    }
                });
        return found;
    }

    private record Leaf(String name, Object value) {}

    private static void walk(String name, Object value, Consumer<Leaf> sink) {
        switch (value) {
            case null -> {}
            case Iterable<?> elements -> elements.forEach(each -> walk(name, each, sink));
            case Record message -> {
                for (RecordComponent component : message.getClass().getRecordComponents()) {
                    try {
                        component.getAccessor().setAccessible(true);
                        walk(component.getName(), component.getAccessor().invoke(message), sink);
                    } catch (ReflectiveOperationException e) {
                        throw new LinkageError(e.getMessage(), e);
                    }
                }
            }
            default -> sink.accept(new Leaf(name, value));
        }
    }

    @Override
    public String toString() {
        return api + " v" + version + (needs.isEmpty() ? "" : " " + needs);
    }
}
