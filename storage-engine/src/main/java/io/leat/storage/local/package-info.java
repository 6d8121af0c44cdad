/**
 * The log store of one machine: rolling segment files that hold record batches byte for byte as on
 * the wire, memory-mapped sparse indexes beside them, and group commit.
 *
 * <pre>
 * data directory
 * |-- .lock                   held while a process uses the directory; names it
 * |-- meta.properties         format version and cluster id
 * |-- .clean                  there only between a clean stop and the next start
 * |-- checkpoints             per log: log start, durable end, what indexes and snapshots cover
 * |-- checkpoints.new         in their place in a moment, after a force of them has failed
 * |-- .force-check            what ext4 is asked with whether a force was one; see {@link
 * |                           io.leat.storage.system.ForceCheck}; beside the coordinators' state too
 * |-- .probe                  for a moment, to see whether a disk that failed works again
 * |-- deleted                 logs on their way out
 * `-- logs
 *     `-- TOPIC.TOPIC-ID
 *         `-- PARTITION
 *             |-- 00000000000000000000.log         record batches, Kafka's format; behind the
 *             |                                    last one, while it grows, room for more
 *             |                                    (see {@link io.leat.storage.local.ReadyRoom})
 *             |-- 00000000000000000000.index       offset index, Kafka's format; from its first entry on
 *             |-- 00000000000000000000.timeindex   time index, Kafka's format; likewise
 *             |-- 00000000000000001234.producers   idempotent producers as of that offset
 *             |-- rewrite                          what compaction writes, until it is committed
 *             `-- BASE-END.swap                    committed; see {@link io.leat.storage.local.SegmentSwap}
 * </pre>
 *
 * <p>Threads: a log belongs to one {@link io.leat.storage.local.AppendLane}, the only thread that
 * writes to it; the threads of {@link io.leat.storage.local.GroupCommit} force, one log at a time
 * each; reads run on the caller's thread, on mapped memory, without locks.
 */
@NullMarked
package io.leat.storage.local;

import org.jspecify.annotations.NullMarked;
