package io.leat.broker.delay;

import io.leat.broker.api.Delays.Landed;
import io.leat.wire.ErrorCode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The log has answered to what is left of a batch. */
record BatchLanded(DelayLoop loop, DelayMetrics metrics, Lane lane, Hold hold, Fate fate)
        implements DelayLoop.Event {
    /** Whether the rest of the batch is in the log because of this attempt. */
    enum Fate {
        IN_LOG,
        NOT_IN_LOG,
        /** The disk failed: the log will know when it works again. */
        IN_DOUBT
    }

    static Fate fate(@Nullable Landed landed, @Nullable Throwable failure) {
        if (failure != null || landed == null) {
            return Fate.IN_DOUBT;
        }
        if (landed.appended()) {
            return Fate.IN_LOG;
        }
        return landed.response().errorCode() == ErrorCode.KAFKA_STORAGE_ERROR.code()
                ? Fate.IN_DOUBT
                : Fate.NOT_IN_LOG;
    }

    @Override
    public boolean decide(Round round) {
        if (lane.closed()) {
            return true;
        }
        lane.landing().remove(hold.first());
        round.undo(() -> lane.landing().add(hold.first()));
        Optional.ofNullable(lane.holds().get(hold.first()))
                .ifPresent(held -> {
                    switch (fate) {
                        case IN_LOG -> {
                            HoldRules.landed(lane, held, round);
                            int count = hold.dueMillis().size();
                            round.then(() -> metrics.accepted(count));
                        }
                        case NOT_IN_LOG -> HoldRules.drop(lane, held, round);
                        case IN_DOUBT -> {
                            lane.settled(false);
                            loop.later(new Settle(loop, lane), DelayLoop.RETRY_MILLIS);
                        }
                    }
                });
        lane.wake().forEach(event -> DelayLoop.decide(event, round));
        return true;
    }

    @Override
    public void failed(String why) {
        loop.later(this, DelayLoop.RETRY_MILLIS);
    }
}
