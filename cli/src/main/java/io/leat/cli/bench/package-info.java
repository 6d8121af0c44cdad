/**
 * {@code leat bench}: load on any broker of the Kafka protocol, and what it does with it.
 *
 * <pre>
 * BenchCommand   the command: makes the topic, runs the load, reads it once more, tells
 *   Load         what is sent: how much, how fast, by how many
 *   Senders      producers, each on a thread of its own
 *   Follower     one consumer that reads as the records come
 *   Latencies    a histogram of waiting times
 * </pre>
 *
 * <p>Latencies are counted from the moment at which a record was due, so that a broker that stops
 * for a while is charged for all that waited (no coordinated omission).
 */
package io.leat.cli.bench;
