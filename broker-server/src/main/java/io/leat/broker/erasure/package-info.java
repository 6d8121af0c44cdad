/**
 * Erasures of keys from topics: durable jobs that go on after a restart, and the record of them.
 *
 * <p>{@link io.leat.broker.erasure.EraseKeysHandler} accepts one; from then on it is carried out
 * whatever happens to client and broker, partition by partition, by the one thread of {@link
 * io.leat.broker.erasure.Erasures}. What is in the way (another rewrite, a full disk, an offline
 * partition) is waited for. {@link io.leat.broker.erasure.DescribeErasuresHandler} shows those that
 * run and those that ended, which stay in the state store as the record of who asked for what, when
 * and with what result. What an erasure means for a log is said in {@code
 * io.leat.compaction.erasure}.
 *
 * <p>Keys are nowhere kept: not in the state store, not in the log, not in metrics. Their SHA-256
 * is all that an erasure needs to find them.
 */
package io.leat.broker.erasure;
