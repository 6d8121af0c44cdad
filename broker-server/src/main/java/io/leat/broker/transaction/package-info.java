/**
 * Transactions (KIP-98, KIP-890): rules that decide, on the coordinators' loop, and the effects
 * that follow: markers in partitions, offsets in groups, and a gate for transactional batches.
 *
 * <pre>
 *   AddPartitions, Produce ──► Ongoing, durable ──► batches pass the gate
 *   EndTxn ──► Ending, durable ──► markers, forced ──► offsets, durable ──► Ended, durable ──► answer
 * </pre>
 *
 * <p>Invariant: a transaction that is Ending ends that way in every partition and group, whatever
 * stops in between: what is left is done again after a restart, and doing it twice changes nothing.
 * Only then is EndTxn answered.
 */
@NullMarked
package io.leat.broker.transaction;

import org.jspecify.annotations.NullMarked;
