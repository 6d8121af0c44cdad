package io.leat.client;

/**
 * What a connection is for. A broker answers in order, so requests that wait long get connections
 * of their own.
 */
enum Lane {
    /** All that is answered soon. */
    CONTROL,
    /** Fetches, which wait for records. */
    FETCH,
    /** Membership in a group: joining waits for all other members. */
    GROUP
}
