package io.leat.broker.share;

import io.leat.broker.coordinator.Alarm;
import io.leat.broker.coordinator.Reply;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.coordinator.Transition;
import io.leat.broker.share.Standing.Acquired;
import io.leat.broker.share.Standing.Archiving;
import io.leat.broker.share.Standing.Available;
import io.leat.broker.share.Standing.Settled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A transition in the making. Lives for one decision on a share partition that is there. */
final class ShareDraft {
    private final SharePartitionId id;
    private final Optional<SharePartition> before;
    private final ShareSettings settings;
    private final List<Reply<?>> replies = new ArrayList<>();
    private final List<Alarm<ShareCommand>> alarms = new ArrayList<>();
    private final Set<Long> touchedLocks = new HashSet<>();
    private Window window;
    private long nextLock;
    private long nextSequence;
    private OptionalLong producer;

    ShareDraft(SharePartitionId id, SharePartition before, ShareSettings settings) {
        this(id, Optional.of(before), before, settings);
    }

    /** A share partition that begins. */
    ShareDraft(SharePartitionId id, long start, ShareSettings settings) {
        this(
                id,
                Optional.empty(),
                new SharePartition(Window.at(start), 0, 0, OptionalLong.empty(), 0),
                settings);
    }

    private ShareDraft(
            SharePartitionId id,
            Optional<SharePartition> before,
            SharePartition state,
            ShareSettings settings) {
        this.id = id;
        this.before = before;
        this.settings = settings;
        window = state.window();
        nextLock = state.nextLock();
        nextSequence = state.nextSequence();
        producer = state.producer();
    }

    ShareSettings settings() {
        return settings;
    }

    Window window() {
        return window;
    }

    void become(Window next) {
        window = next;
    }

    void producer(long id) {
        producer = OptionalLong.of(id);
    }

    <R> void reply(ReplyTo<R> to, R value) {
        replies.add(new Reply<>(to, value));
    }

    /** A new lock, which ends when its time is over. */
    long lock() {
        long lock = nextLock++;
        alarms.add(new Alarm.Set<>(new ShareCommand.LockOver(lock), settings.lockMillis()));
        return lock;
    }

    /** Settles what was acquired. */
    Run settle(Run run) {
        unlock(run);
        return run.with(Settled.SETTLED);
    }

    /** Makes what was acquired available again, unless it was delivered often enough. */
    Run release(Run run) {
        unlock(run);
        return available(run, deliveries(run));
    }

    /** What is available, unless it was delivered often enough. */
    Run available(Run run, int deliveries) {
        return deliveries >= settings.deliveriesMax()
                ? bury(run, deliveries, DeathCause.LIMIT_REACHED)
                : run.with(new Available(deliveries));
    }

    /** A member rejects what it has acquired. */
    Run reject(Run run) {
        unlock(run);
        return bury(run, deliveries(run), DeathCause.REJECTED);
    }

    /** Puts what was acquired under another lock. */
    Run renew(Run run, long lock) {
        Acquired acquired = (Acquired) run.standing();
        unlock(run);
        return run.with(new Acquired(acquired.memberId(), acquired.deliveries(), lock));
    }

    private Run bury(Run run, int deliveries, DeathCause cause) {
        if (settings.deadLetters().isEmpty()) {
            return run.with(Settled.SETTLED);
        }
        Run buried = run.with(new Archiving(deliveries, cause, nextSequence));
        nextSequence += run.count();
        return buried;
    }

    private static int deliveries(Run run) {
        return ((Acquired) run.standing()).deliveries();
    }

    /** The run leaves its lock. */
    void unlock(Run run) {
        if (run.standing() instanceof Acquired(var memberId, var deliveries, long lock)) {
            touchedLocks.add(lock);
        }
    }

    /** Locks that hold nothing any more need no alarm. */
    private void silenceEmptyLocks() {
        if (touchedLocks.isEmpty()) {
            return;
        }
        for (Run run : window.runs()) {
            if (run.standing() instanceof Acquired(var memberId, var deliveries, long lock)) {
                touchedLocks.remove(lock);
            }
        }
        touchedLocks.forEach(
                lock -> alarms.add(new Alarm.Cancel<>(new ShareCommand.LockOver(lock))));
    }

    Transition<SharePartition, ShareCommand> transition() {
        window.check();
        silenceEmptyLocks();
        int updates = before.map(SharePartition::updates).orElse(0);
        SharePartition after =
                new SharePartition(window, nextLock, nextSequence, producer, updates);
        ShareFormat.Writes writes = ShareFormat.writes(id, before, after);
        return new Transition<>(Optional.of(writes.written()), writes.writes(), replies, alarms);
    }

    /** Forgets it all. */
    Transition<SharePartition, ShareCommand> removal() {
        window.changeAll(run -> {
            unlock(run);
            return run;
        });
        become(Window.at(0));
        silenceEmptyLocks();
        return new Transition<>(
                Optional.empty(),
                before.map(state -> ShareFormat.deletes(id, state.updates())).orElse(List.of()),
                replies,
                alarms);
    }
}
