package io.leat.broker.delay;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks into a lane's log for what a stop or a failed disk has left in doubt: whether batches are
 * there. Tries again until the log can be read.
 */
record Settle(DelayLoop loop, Lane lane) implements DelayLoop.Event {
    @Override
    public boolean decide(Round round) {
        if (lane.closed() || lane.settled()) {
            return true;
        }
        List<Hold> doubtful =
                lane.holds().values().stream()
                        .filter(hold -> !hold.landed() && !lane.landing().contains(hold.first()))
                        .toList();
        Optional<Set<Sequence>> found =
                lane.partition().failure().isPresent() ? Optional.empty() : find(doubtful);
        if (found.isEmpty()) {
            loop.later(this, DelayLoop.RETRY_MILLIS);
            return true;
        }
        long logStart = lane.partition().log().bounds().logStart();
        Set<Sequence> unclaimed = found.get();
        for (Hold hold : doubtful) {
            // The same batch may have come twice: its records count once.
            boolean landed =
                    !hold.producer().known()
                            || unclaimed.remove(hold.producer())
                            || hold.fromOffset() < logStart;
            if (landed) {
                HoldRules.landed(lane, hold, round);
            } else {
                HoldRules.drop(lane, hold, round);
            }
        }
        lane.settled(true);
        long nextDueMillis = lane.nextDueMillis();
        lane.nextDueMillis(0);
        round.undo(() -> {
            lane.settled(false);
            lane.nextDueMillis(nextDueMillis);
        });
        lane.wake().forEach(event -> DelayLoop.decide(event, round));
        return true;
    }

    private Optional<Set<Sequence>> find(List<Hold> doubtful) {
        Set<Sequence> wanted = new HashSet<>();
        long from = Long.MAX_VALUE;
        for (Hold hold : doubtful) {
            if (hold.producer().known()) {
                wanted.add(hold.producer());
                from = Math.min(from, hold.fromOffset());
            }
        }
        return wanted.isEmpty()
                ? Optional.of(new HashSet<>())
                : LogSearch.find(lane.partition().log(), from, wanted);
    }

    @Override
    public void failed(String why) {
        loop.later(this, DelayLoop.RETRY_MILLIS);
    }
}
