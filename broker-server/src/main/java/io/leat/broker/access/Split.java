package io.leat.broker.access;

import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The parts of a request that are allowed and those that are not, in their order.
 *
 * @param allowed the very list that was split, where nothing is denied
 */
record Split<E>(List<E> allowed, List<E> denied) {
    static <E> Split<E> of(List<E> all, Predicate<E> allows) {
        for (int index = 0; index < all.size(); index++) {
            if (!allows.test(all.get(index))) {
                return from(index, all, allows);
            }
        }
        return new Split<>(all, List.of());
    }

    /** Where the first that is denied stands at {@code index}; it is not asked for again. */
    private static <E> Split<E> from(int index, List<E> all, Predicate<E> allows) {
        List<E> allowed = new ArrayList<>(all.subList(0, index));
        List<E> denied = new ArrayList<>();
        denied.add(all.get(index));
        for (E each : all.subList(index + 1, all.size())) {
            (allows.test(each) ? allowed : denied).add(each);
        }
        return new Split<>(allowed, denied);
    }

    /**
     * Lets pass what is allowed and refuses the rest. A request of which nothing is left does not
     * reach the handler: for some, no elements means all of them.
     *
     * @param rest makes the request of the allowed parts
     * @param refusal the answer to a denied part
     * @param answer makes a response of refusals alone
     * @param plus adds refusals to a response
     */
    <Q extends RequestMessage, R extends ResponseMessage, A> Verdict<Q, R> verdict(
            Q request,
            Function<List<E>, Q> rest,
            Function<E, A> refusal,
            Function<List<A>, R> answer,
            BiFunction<R, List<A>, R> plus) {
        if (denied.isEmpty()) {
            return Verdict.pass(request);
        }
        List<A> refusals = denied.stream().map(refusal).toList();
        return allowed.isEmpty()
                ? Verdict.refuse(answer.apply(refusals))
                : new Verdict.Passed<>(
                        rest.apply(allowed), response -> plus.apply(response, refusals), true);
    }

    /** {@code first}, then {@code second}. */
    static <A> List<A> joined(List<A> first, List<A> second) {
        List<A> joined = new ArrayList<>(first.size() + second.size());
        joined.addAll(first);
        joined.addAll(second);
        return joined;
    }
}
