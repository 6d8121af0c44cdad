/**
 * Delayed delivery: records that ask for it appear in their partition when they are due, in the
 * order in which they are due.
 *
 * <pre>
 *  Produce ──► split: delayed records out, the rest of the batch keeps offsets and sequences
 *          ──► hold and records, durable ──► rest into the log, forced ──► answer ──► hold gone
 *                                            └ the commit point
 *  due     ──► hand-over, durable ──► its batch into the log, forced ──► records and hand-over gone
 * </pre>
 *
 * <p>The pending records are in a store of their own (RocksDB), in the order in which they are due;
 * the log decides what counts:
 *
 * <ul>
 *   <li>A batch takes its offsets and its producer's sequences in the log also where nothing is
 *       left of it: so the log's check of sequences covers delayed records, and a producer that
 *       sends a batch again finds that it was there.
 *   <li>What is pending is written before the rest of its batch, with a <b>hold</b>. Nothing held
 *       is delivered. A stop in between leaves the hold, and the next start looks into the log
 *       whether its batch is there.
 *   <li>A transaction's records are held until it ends: they are delivered if it committed, and
 *       gone if it did not.
 *   <li>A hand-over is written before its batch, which has a producer id and a sequence of its own:
 *       after a stop in between it is done again, and the log knows it if it was there.
 * </ul>
 *
 * <p>Invariants: a record that was acknowledged is pending or in the log, once; nothing is in the
 * log before it is due; what one hand-over delivers is in due order, and the next is behind it.
 */
@NullMarked
package io.leat.broker.delay;

import org.jspecify.annotations.NullMarked;
