package io.leat.broker.group.member;

import io.leat.broker.coordinator.ReplyTo;
import io.leat.wire.ErrorCode;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The groups of one type, as the handlers of its APIs see them. Any thread; never blocks.
 *
 * @param <M> the type's membership
 * @param <C> the type's commands
 */
public interface GroupsOf<M, C> {
    /** A group's membership, empty where there is no group of this type. */
    Optional<M> find(String groupId);

    /**
     * Asks a group for a change.
     *
     * @param failed the reply when there is no decision
     * @return the reply; never completes exceptionally
     */
    <R> CompletionStage<R> ask(
            String groupId,
            Function<ReplyTo<R>, ? extends C> command,
            Function<ErrorCode, R> failed);
}
