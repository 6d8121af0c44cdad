package io.leat.broker.group.streams;

import io.leat.broker.config.GroupKey;
import io.leat.broker.config.GroupKeys;
import io.leat.broker.coordinator.Effects;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.assign.TopicImage;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.broker.group.settings.GroupSettings;

/**
 * A streams group's membership in the making: as it is so far, and what follows from it. Lives for
 * one decision.
 */
public final class StreamsDraft {
    /** A member on its way to its target is to be heard of so much sooner. */
    private static final int HURRY = 10;

    private final GroupConfig config;
    private final GroupSettings settings;
    private final TopicImage topics;
    private final long nowMillis;
    private final Effects<StreamsCommand> effects;
    private StreamsMembership membership;

    public StreamsDraft(
            StreamsMembership membership,
            GroupConfig config,
            GroupSettings settings,
            TopicImage topics,
            long nowMillis,
            Effects<StreamsCommand> effects) {
        this.membership = membership;
        this.config = config;
        this.settings = settings;
        this.topics = topics;
        this.nowMillis = nowMillis;
        this.effects = effects;
    }

    public StreamsMembership membership() {
        return membership;
    }

    GroupConfig config() {
        return config;
    }

    <T> T setting(GroupKey<T> key) {
        return settings.get(key);
    }

    TopicImage topics() {
        return topics;
    }

    long nowMillis() {
        return nowMillis;
    }

    /** How often a member is to tell what. Sooner while something is to come of it. */
    HeartbeatOutcome.Pace pace(StreamsMember member) {
        int intervalMillis = setting(GroupKeys.STREAMS.heartbeatIntervalMs());
        boolean settled =
                membership.isSettled(member)
                        && membership.epoch() == membership.target().epoch()
                        && membership.resolved().missing().isEmpty();
        return new HeartbeatOutcome.Pace(
                settled ? intervalMillis : Math.max(1, intervalMillis / HURRY),
                setting(GroupKeys.STREAMS_TASK_OFFSET_INTERVAL_MS),
                setting(GroupKeys.STREAMS_ACCEPTABLE_RECOVERY_LAG));
    }

    void become(StreamsMembership next) {
        membership = next;
    }

    <R> void reply(ReplyTo<R> to, R value) {
        effects.reply(to, value);
    }

    void ring(StreamsCommand command, long delayMillis) {
        effects.ring(command, delayMillis);
    }

    void silence(StreamsCommand command) {
        effects.silence(command);
    }

    /** Waits for the member's next sign of life. */
    void renewSession(StreamsMember member) {
        ring(
                new StreamsCommand.SessionExpired(member.id()),
                setting(GroupKeys.STREAMS.sessionTimeoutMs()));
    }

    /** Waits for nothing any more from a member. */
    void silence(String memberId) {
        silence(new StreamsCommand.SessionExpired(memberId));
        silence(new StreamsCommand.RevocationExpired(memberId));
    }
}
