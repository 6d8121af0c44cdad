package io.leat.broker.group.consumer;

import io.leat.broker.config.GroupKeys;
import io.leat.broker.coordinator.Effects;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.assign.TopicImage;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.broker.group.settings.GroupSettings;

/**
 * A consumer group's membership in the making: as it is so far, and what follows from it. Lives for
 * one decision.
 */
public final class ConsumerDraft {
    /** A member on its way to its target is to be heard of so much sooner. */
    private static final int HURRY = 10;

    private final GroupConfig config;
    private final GroupSettings settings;
    private final TopicImage topics;
    private final long nowMillis;
    private final Effects<ConsumerCommand> effects;
    private ConsumerMembership membership;

    public ConsumerDraft(
            ConsumerMembership membership,
            GroupConfig config,
            GroupSettings settings,
            TopicImage topics,
            long nowMillis,
            Effects<ConsumerCommand> effects) {
        this.membership = membership;
        this.config = config;
        this.settings = settings;
        this.topics = topics;
        this.nowMillis = nowMillis;
        this.effects = effects;
    }

    public ConsumerMembership membership() {
        return membership;
    }

    GroupConfig config() {
        return config;
    }

    TopicImage topics() {
        return topics;
    }

    long nowMillis() {
        return nowMillis;
    }

    int assignmentIntervalMillis() {
        return settings.get(GroupKeys.CONSUMER.assignmentIntervalMs());
    }

    /** When a member is to be heard of again. */
    int intervalMillis(ConsumerMember member) {
        int intervalMillis = settings.get(GroupKeys.CONSUMER.heartbeatIntervalMs());
        boolean settled =
                membership.isSettled(member) && membership.epoch() == membership.target().epoch();
        return settled ? intervalMillis : Math.max(1, intervalMillis / HURRY);
    }

    void become(ConsumerMembership next) {
        membership = next;
    }

    <R> void reply(ReplyTo<R> to, R value) {
        effects.reply(to, value);
    }

    void ring(ConsumerCommand command, long delayMillis) {
        effects.ring(command, delayMillis);
    }

    void silence(ConsumerCommand command) {
        effects.silence(command);
    }

    /** Waits for the member's next sign of life. */
    void renewSession(ConsumerMember member) {
        int sessionMillis =
                member.classic()
                        .map(ClassicSide::sessionMillis)
                        .orElseGet(() -> settings.get(GroupKeys.CONSUMER.sessionTimeoutMs()));
        ring(new ConsumerCommand.SessionExpired(member.id()), sessionMillis);
    }

    /** Waits for nothing any more from a member. */
    void silence(String memberId) {
        silence(new ConsumerCommand.SessionExpired(memberId));
        silence(new ConsumerCommand.RevocationExpired(memberId));
        silence(new ConsumerCommand.ClassicStepExpired(memberId));
    }
}
