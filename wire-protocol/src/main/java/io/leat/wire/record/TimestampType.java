package io.leat.wire.record;

/** Whose clock the timestamps of a batch were read from. */
public enum TimestampType {
    /** Each record carries the time its producer gave it. */
    CREATE_TIME,
    /** All records have the time at which the broker appended the batch: its max timestamp. */
    LOG_APPEND_TIME
}
