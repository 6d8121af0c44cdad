package io.leat.broker.share;

import io.leat.broker.coordinator.Answer;
import io.leat.broker.coordinator.CoordinatorLoop;
import io.leat.broker.coordinator.Ledger;
import io.leat.broker.coordinator.ManualTime;
import io.leat.broker.coordinator.MemoryStateStore;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.storage.api.Isolation;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** One share partition on a loop that is turned by hand. */
final class ShareFixture {
    static final SharePartitionId ID = new SharePartitionId("group", new UUID(1, 2), 0);

    final ManualTime time = new ManualTime();
    final MemoryStateStore store = new MemoryStateStore();
    ShareSettings settings = settings(true);
    CoordinatorLoop loop;
    Ledger<SharePartitionId, SharePartition, ShareCommand> ledger;

    ShareFixture() {
        start();
    }

    static ShareSettings settings(boolean deadLetters) {
        return new ShareSettings(
                10_000,
                5,
                200,
                true,
                Isolation.READ_UNCOMMITTED,
                new OffsetReset.Earliest(),
                deadLetters
                        ? Optional.of(new ShareSettings.DeadLetterTopic("dlq.group", true))
                        : Optional.empty());
    }

    /** What a crash loses is lost. */
    void restart() {
        start();
    }

    private void start() {
        loop = new CoordinatorLoop(store, time, Long.MAX_VALUE);
        ledger = loop.host(new ShareCoordinator(group -> settings), (id, before, after) -> {});
    }

    <R> Answer<R> ask(Function<ReplyTo<R>, ShareCommand> command, Function<ErrorCode, R> failed) {
        return new Answer<>(
                ledger.ask(ID, command, reason -> failed.apply(ErrorCode.KAFKA_STORAGE_ERROR)));
    }

    ErrorCode tell(Function<ReplyTo<ErrorCode>, ShareCommand> command) {
        Answer<ErrorCode> answer = ask(command, error -> error);
        loop.turn();
        return answer.join();
    }

    Served serve(String member, List<Acknowledgement> acknowledgements, Offer offer) {
        Answer<Served> answer =
                ask(
                        to -> new ShareCommand.Serve(member, acknowledgements, offer, to),
                        Served::failed);
        loop.turn();
        return answer.join();
    }

    Served acknowledge(String member, long first, long last, AcknowledgeType type) {
        return serve(member, List.of(new Acknowledgement(first, last, type)), Offer.NOTHING);
    }

    /** Acknowledges all that a member has. */
    void acknowledgeAll(String member, AcknowledgeType type) {
        serve(
                member,
                state().window().runs().stream()
                        .filter(run ->
                                run.standing() instanceof Standing.Acquired acquired
                                        && acquired.memberId().equals(member))
                        .map(run -> new Acknowledgement(run.first(), run.last(), type))
                        .toList(),
                Offer.NOTHING);
    }

    /** Takes what there is of a log whose offsets from 0 on all have records. */
    Served take(String member, long logEnd, int recordsMax) {
        long from = state().nextOffset(settings).orElse(logEnd);
        return from >= logEnd
                ? new Served(ErrorCode.NONE, List.of(), -1)
                : serve(
                        member,
                        List.of(),
                        new Offer(
                                from,
                                logEnd,
                                List.of(new Span(from, logEnd - 1)),
                                0,
                                logEnd,
                                recordsMax,
                                true));
    }

    SharePartition state() {
        return ledger.get(ID).orElseThrow();
    }

    void pass(long millis) {
        time.advance(millis);
        loop.turn();
    }
}
