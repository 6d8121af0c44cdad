package io.leat.broker.share;

import io.leat.broker.coordinator.Coordinator;
import io.leat.broker.coordinator.HeapBytes;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.coordinator.Transition;
import io.leat.broker.share.Standing.Available;
import io.leat.storage.api.StateStore;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** The rules of share partitions. */
final class ShareCoordinator
        implements Coordinator<SharePartitionId, SharePartition, ShareCommand> {
    private final Function<String, ShareSettings> settings;

    /**
     * @param settings a group's configuration as it is now, by its id
     */
    ShareCoordinator(Function<String, ShareSettings> settings) {
        this.settings = settings;
    }

    @Override
    public long heapBytes(SharePartitionId id, SharePartition state) {
        return 4 * HeapBytes.OBJECT
                + HeapBytes.ENTRY
                + HeapBytes.text(id.groupId())
                + 3 * HeapBytes.OBJECT * state.window().runs().size();
    }

    /** Only to begin: what a partition can take from then on is bounded by its locks. */
    @Override
    public boolean isRefusable(ShareCommand command) {
        return command instanceof ShareCommand.Open;
    }

    @Override
    public Transition<SharePartition, ShareCommand> decide(
            SharePartitionId id,
            Optional<SharePartition> state,
            ShareCommand command,
            long nowMillis) {
        ShareSettings current = settings.apply(id.groupId());
        if (state.isPresent()) {
            return decide(new ShareDraft(id, state.get(), current), command);
        }
        return switch (command) {
            case ShareCommand.Open(long start, var to) -> begin(id, start, current, to);
            case ShareCommand.Reset(long start, var to) -> begin(id, start, current, to);
            case ShareCommand.Serve(var member, var acknowledgements, var offer, var to) -> {
                ErrorCode error =
                        acknowledgements.isEmpty()
                                ? ErrorCode.NONE
                                : ErrorCode.INVALID_RECORD_STATE;
                yield nothing(draft -> draft.reply(to, Served.failed(error)), id, current);
            }
            case ShareCommand.Release(var member, var to) ->
                    nothing(draft -> draft.reply(to, ErrorCode.NONE), id, current);
            case ShareCommand.GiveBack(long lock, var to) ->
                    nothing(draft -> draft.reply(to, ErrorCode.NONE), id, current);
            case ShareCommand.Remove(var to) ->
                    nothing(draft -> draft.reply(to, ErrorCode.NONE), id, current);
            case ShareCommand.TakeProducer(long producer, var to) ->
                    nothing(draft -> draft.reply(to, ErrorCode.NONE), id, current);
            case ShareCommand.Archived(long end, var to) ->
                    nothing(draft -> draft.reply(to, ErrorCode.NONE), id, current);
            case ShareCommand.LockOver over ->
                    new Transition<>(Optional.empty(), List.of(), List.of(), List.of());
        };
    }

    private static Transition<SharePartition, ShareCommand> begin(
            SharePartitionId id, long start, ShareSettings settings, ReplyTo<ErrorCode> to) {
        ShareDraft draft = new ShareDraft(id, start, settings);
        draft.reply(to, ErrorCode.NONE);
        return draft.transition();
    }

    /** Where there is nothing, only the asker is told. */
    private static Transition<SharePartition, ShareCommand> nothing(
            Consumer<ShareDraft> answer, SharePartitionId id, ShareSettings settings) {
        ShareDraft draft = new ShareDraft(id, 0, settings);
        answer.accept(draft);
        return draft.removal();
    }

    private static Transition<SharePartition, ShareCommand> decide(
            ShareDraft draft, ShareCommand command) {
        switch (command) {
            case ShareCommand.Open(long start, var to) -> draft.reply(to, ErrorCode.NONE);
            case ShareCommand.Serve(var member, var acknowledgements, var offer, var to) -> {
                ErrorCode acknowledged =
                        AcknowledgeRules.acknowledge(draft, member, acknowledgements);
                Served served = AcquireRules.acquire(draft, member, offer);
                draft.reply(to, new Served(acknowledged, served.deliveries(), served.lock()));
            }
            case ShareCommand.Release(var member, var to) -> {
                AcknowledgeRules.release(draft, member);
                draft.reply(to, ErrorCode.NONE);
            }
            case ShareCommand.GiveBack(long lock, var to) -> {
                AcknowledgeRules.release(draft, lock);
                draft.reply(to, ErrorCode.NONE);
            }
            case ShareCommand.LockOver(long lock) -> AcknowledgeRules.release(draft, lock);
            case ShareCommand.Reset(long start, var to) -> {
                draft.window().runs().forEach(draft::unlock);
                draft.become(Window.at(start));
                draft.reply(to, ErrorCode.NONE);
            }
            case ShareCommand.Remove(var to) -> {
                draft.reply(to, ErrorCode.NONE);
                return draft.removal();
            }
            case ShareCommand.TakeProducer(long producer, var to) -> {
                draft.producer(producer);
                draft.reply(to, ErrorCode.NONE);
            }
            case ShareCommand.Archived(long end, var to) -> {
                AcknowledgeRules.archived(draft, end);
                draft.reply(to, ErrorCode.NONE);
            }
        }
        return draft.transition();
    }

    /**
     * Nobody holds anything any more. Deliveries that were cut off count: what was delivered as
     * often as its group allows goes where such records go.
     */
    @Override
    public void load(
            StateStore store,
            BiConsumer<SharePartitionId, Transition<SharePartition, ShareCommand>> loaded) {
        ShareFormat.load(
                store,
                (id, state) -> {
                    ShareDraft draft = new ShareDraft(id, state, settings.apply(id.groupId()));
                    draft.become(
                            state.window()
                                    .changeAll(run ->
                                            run.standing() instanceof Available(int deliveries)
                                                    ? draft.available(run, deliveries)
                                                    : run));
                    loaded.accept(id, draft.transition());
                });
    }
}
