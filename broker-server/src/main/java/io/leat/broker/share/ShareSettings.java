package io.leat.broker.share;

import io.leat.broker.config.GroupKeys;
import io.leat.broker.group.settings.GroupSettings;
import io.leat.storage.api.Isolation;
import java.util.Optional;

/**
 * A share group's configuration, as far as delivery goes.
 *
 * @param lockMillis {@code share.record.lock.duration.ms}
 * @param deliveriesMax {@code share.delivery.count.limit}
 * @param locksMax {@code share.partition.max.record.locks}
 * @param renewable {@code share.renew.acknowledge.enable}
 * @param isolation {@code share.isolation.level}
 * @param reset {@code share.auto.offset.reset}
 * @param deadLetters where records go that are not delivered any more, if anywhere
 */
record ShareSettings(
        int lockMillis,
        int deliveriesMax,
        int locksMax,
        boolean renewable,
        Isolation isolation,
        OffsetReset reset,
        Optional<DeadLetterTopic> deadLetters) {
    /**
     * A group's dead-letter topic.
     *
     * @param name {@code errors.deadletterqueue.topic.name}
     * @param copied {@code errors.deadletterqueue.copy.record.enable}: whether a dead letter has
     *     the record's key, value and headers, or only says where it is
     */
    record DeadLetterTopic(String name, boolean copied) {}

    /** What a group's settings say. */
    static ShareSettings of(GroupSettings settings) {
        String letters = settings.get(GroupKeys.DEAD_LETTER_TOPIC).strip();
        boolean committed = settings.get(GroupKeys.SHARE_ISOLATION_LEVEL).equals("read_committed");
        return new ShareSettings(
                settings.get(GroupKeys.SHARE_RECORD_LOCK_DURATION_MS),
                settings.get(GroupKeys.SHARE_DELIVERY_COUNT_LIMIT),
                settings.get(GroupKeys.SHARE_PARTITION_MAX_RECORD_LOCKS),
                settings.get(GroupKeys.SHARE_RENEW_ACKNOWLEDGE_ENABLE),
                committed ? Isolation.READ_COMMITTED : Isolation.READ_UNCOMMITTED,
                OffsetReset.parse(settings.get(GroupKeys.SHARE_AUTO_OFFSET_RESET))
                        .orElse(new OffsetReset.Latest()),
                letters.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new DeadLetterTopic(
                                        letters, settings.get(GroupKeys.DEAD_LETTER_COPY))));
    }
}
