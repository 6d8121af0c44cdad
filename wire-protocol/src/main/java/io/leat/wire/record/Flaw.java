package io.leat.wire.record;

/** What is wrong with a batch. */
public enum Flaw {
    /** There are no bytes at all. */
    EMPTY(Answer.INVALID_RECORD),
    /** The bytes end before the batch does. */
    TRUNCATED(Answer.INVALID_RECORD),
    /** The batch length is smaller than a header. */
    BAD_LENGTH(Answer.CORRUPT_MESSAGE),
    /** The magic is 0 or 1: a format that Kafka 4 no longer takes from producers either. */
    OLD_MAGIC(Answer.INVALID_RECORD),
    /** The magic is none that ever was. */
    UNKNOWN_MAGIC(Answer.CORRUPT_MESSAGE),
    /** The CRC does not fit the bytes. */
    CRC_MISMATCH(Answer.CORRUPT_MESSAGE),
    /** Another batch, or a part of one, follows where exactly one is allowed. */
    MORE_THAN_ONE_BATCH(Answer.INVALID_RECORD),
    /** The base offset that a producer sends must be 0. */
    BAD_BASE_OFFSET(Answer.INVALID_RECORD),
    /** The record count is 0 or less, or does not fit the last offset delta. */
    BAD_COUNT(Answer.INVALID_RECORD),
    /** Attribute bits are set that have no meaning, or none for a producer. */
    BAD_ATTRIBUTES(Answer.INVALID_RECORD),
    /** Only brokers write control batches. */
    CONTROL_BATCH(Answer.INVALID_RECORD),
    /** The producer id comes without a usable epoch or sequence. */
    BAD_PRODUCER_STATE(Answer.INVALID_RECORD),
    /** The compression id belongs to no codec. */
    UNKNOWN_COMPRESSION(Answer.UNSUPPORTED_COMPRESSION_TYPE),
    /** The codec's native library cannot be loaded here; no other bytes would do better. */
    CODEC_UNAVAILABLE(Answer.UNSUPPORTED_COMPRESSION_TYPE),
    /** The timestamp type is one that only brokers set. */
    LOG_APPEND_TIME(Answer.INVALID_TIMESTAMP),
    /** The compressed bytes are not what the codec calls for. */
    BAD_COMPRESSION(Answer.CORRUPT_MESSAGE),
    /** The records inflate to more bytes than allowed. */
    INFLATES_TOO_LARGE(Answer.MESSAGE_TOO_LARGE),
    /** A record's fields do not add up to its length, or the records not to the batch. */
    MALFORMED_RECORD(Answer.INVALID_RECORD),
    /** A record's offset delta is not its index. */
    BAD_OFFSET_DELTA(Answer.INVALID_RECORD),
    /** A record has no key where each must have one. */
    KEY_MISSING(Answer.INVALID_RECORD),
    /** A record's timestamp is too far in the past or in the future. */
    TIMESTAMP_OUT_OF_RANGE(Answer.INVALID_TIMESTAMP);

    /** The protocol's error code, by Kafka's name for it, that tells a producer of the flaw. */
    public enum Answer {
        CORRUPT_MESSAGE,
        INVALID_RECORD,
        INVALID_TIMESTAMP,
        MESSAGE_TOO_LARGE,
        UNSUPPORTED_COMPRESSION_TYPE
    }

    private final Answer answer;

    Flaw(Answer answer) {
        this.answer = answer;
    }

    /** What Apache Kafka answers to a Produce request with this flaw, where it has an answer. */
    public Answer answer() {
        return answer;
    }
}
