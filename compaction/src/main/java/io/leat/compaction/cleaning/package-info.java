/**
 * Log compaction with Kafka's meaning: of each key the latest value stays, where it was.
 *
 * <p><b>What goes.</b> In the cleaned part of a log, each record behind which the same key comes
 * again; tombstones, once {@code delete.retention.ms} have passed since a pass first saw them as
 * the latest of their key (KIP-534: that time stands in their batch, its <i>delete horizon</i>);
 * all of aborted transactions; markers of transactions of which no batch is left, after a horizon
 * too; records without a key. <b>What stays</b> keeps its offset, timestamp, headers and order, and
 * its batch its codec, base offset, last offset and sequence. A batch that loses all its records
 * stays as an empty one where a producer is known by it, or where its segment ends.
 *
 * <pre>
 *             clean                   dirty                not to be touched yet
 * |-------------------------|---------------------------|-----------------------------&gt;
 * log start                 CleanPoint                  Dirt.cleanableEnd
 *                                                       the growing segment, open transactions,
 *                                                       min.compaction.lag.ms
 *
 * pass   1 map      read the dirty part: the last offset of each key, by the SHA-256 of the key,
 *                   in a map outside the heap; where it is full, this pass ends there
 *        2 rewrite  from the start of the log on: drop what the map knows a later offset of; a
 *                   segment that would stay as it is is not written
 *        3 merge    small neighbours become one
 * </pre>
 *
 * <p><b>Crashes.</b> Each segment is swapped as a whole or not at all, oldest first. So when the
 * horizon of a tombstone is written, all that it hides is gone before it, and after a crash at any
 * point another pass from the last {@link io.leat.compaction.cleaning.CleanPoint} that was kept, or
 * an older one, or none, comes to the right end.
 *
 * <p><b>Not Kafka's.</b> A pass leaves segments alone in which nothing changes; it is due also when
 * tombstones have expired; and it keeps all batches by which a producer is known, not only its
 * last.
 */
package io.leat.compaction.cleaning;
