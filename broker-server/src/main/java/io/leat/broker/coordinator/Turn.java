package io.leat.broker.coordinator;

import io.leat.broker.coordinator.Ledger.Target;
import io.leat.storage.api.StateStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers what the decisions of one turn come to. Owned by the loop's thread, and used again. */
final class Turn {
    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);

    private final List<StateStore.Write> writes = new ArrayList<>();
    private final List<Reply<?>> replies = new ArrayList<>();
    private final Map<Target<?, ?, ?>, Alarm<?>> alarms = new LinkedHashMap<>();
    private final Set<ReplyTo<?>> askers = new HashSet<>();
    private final List<Target<?, ?, ?>> rung = new ArrayList<>();
    private long nowMillis;

    void begin(long wallMillis) {
        nowMillis = wallMillis;
    }

    <K, S, C> void decide(Ledger<K, S, C> ledger, K key, C command, ReplyTo<?> asker) {
        askers.add(asker);
        try {
            if (!ledger.decide(key, command, nowMillis, this)) {
                askers.remove(asker);
                asker.refuse(Unavailable.FULL);
            }
        } catch (RuntimeException e) {
            // A rule that throws has changed nothing, so only its asker needs to know.
            LOG.error("No decision on {} for {}", command.getClass().getSimpleName(), key, e);
            askers.remove(asker);
            asker.refuse(Unavailable.RULE_FAILED);
        }
    }

    /** An alarm rings, unless a command of this turn has moved or cancelled it. */
    <K, S, C> void decide(Target<K, S, C> target) {
        // Also where it was moved: if the turn fails, so has that, and it rings later.
        rung.add(target);
        if (alarms.containsKey(target)) {
            return;
        }
        try {
            target.ledger().ring(target.key(), target.command(), nowMillis, this);
        } catch (RuntimeException e) {
            LOG.error("No decision on alarm {} for {}", target.command(), target.key(), e);
        }
    }

    void take(Transition<?, ?> transition) {
        writes.addAll(transition.writes());
        replies.addAll(transition.replies());
    }

    void take(Target<?, ?, ?> target, Alarm<?> alarm) {
        alarms.put(target, alarm);
    }

    List<StateStore.Write> writes() {
        return writes;
    }

    List<Reply<?>> replies() {
        return replies;
    }

    Map<Target<?, ?, ?>, Alarm<?>> alarms() {
        return alarms;
    }

    /** Those who asked in this turn. */
    Set<ReplyTo<?>> askers() {
        return askers;
    }

    /** The alarms that rang in this turn. */
    List<Target<?, ?, ?>> rung() {
        return rung;
    }

    void clear() {
        writes.clear();
        replies.clear();
        alarms.clear();
        askers.clear();
        rung.clear();
    }
}
