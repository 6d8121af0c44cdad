package io.leat.client;

import io.leat.wire.ErrorCode;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The way out of errors that their names do not tell. */
final class Hints {
    private static final Map<ErrorCode, String> TEXTS = new EnumMap<>(ErrorCode.class);

    static {
        TEXTS.put(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                "check the name, or create the topic with Admin.createTopic");
        TEXTS.put(ErrorCode.TOPIC_ALREADY_EXISTS, "use it as it is, or delete it first");
        TEXTS.put(
                ErrorCode.MESSAGE_TOO_LARGE,
                "lower the producer's batchBytes or send smaller records, or raise the topic's"
                        + " max.message.bytes");
        TEXTS.put(
                ErrorCode.OFFSET_OUT_OF_RANGE,
                "seek to an offset that exists, or set offsetReset to EARLIEST or LATEST");
        TEXTS.put(
                ErrorCode.ILLEGAL_GENERATION,
                "the group rebalanced without this member; call poll in time (maxPollInterval) and"
                        + " commit before it");
        TEXTS.put(
                ErrorCode.UNKNOWN_MEMBER_ID,
                "the group has given this member up; call poll in time (maxPollInterval) to stay in"
                        + " it");
        TEXTS.put(ErrorCode.REBALANCE_IN_PROGRESS, "call poll to take part in it, then try again");
        TEXTS.put(
                ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
                "the group's members offer none of this member's assignors; set assignors to one"
                        + " that they use");
        TEXTS.put(
                ErrorCode.FENCED_INSTANCE_ID,
                "another member has taken over this groupInstanceId; use one name per process");
        TEXTS.put(ErrorCode.NON_EMPTY_GROUP, "stop the group's members first");
        TEXTS.put(
                ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC,
                "stop the group's members that subscribe to the topic first");
        TEXTS.put(ErrorCode.GROUP_ID_NOT_FOUND, "check the group's name");
        TEXTS.put(
                ErrorCode.INVALID_TOPIC_EXCEPTION,
                "a topic's name has 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-'");
        TEXTS.put(
                ErrorCode.INVALID_PARTITIONS,
                "ask for at least one partition, and for more than there are");
        TEXTS.put(
                ErrorCode.INVALID_REPLICATION_FACTOR,
                "ask for at least one replica and for no more than there are brokers");
        TEXTS.put(
                ErrorCode.NOT_ENOUGH_REPLICAS,
                "bring back the missing brokers, or lower min.insync.replicas");
        TEXTS.put(ErrorCode.KAFKA_STORAGE_ERROR, "look at the broker's log and its disk");
        TEXTS.put(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, "choose another compression");
    }

    private Hints() {}

    static Optional<String> of(ErrorCode errorCode) {
        return Optional.ofNullable(TEXTS.get(errorCode));
    }
}
