/**
 * Share groups (KIP-932): many members read the same partitions as a queue, and acknowledge record
 * by record.
 *
 * <p>What a group knows of one partition is a {@link io.leat.broker.share.SharePartition}: a window
 * over the log that begins with the first record that is not done with and ends where delivery has
 * come to.
 *
 * <pre>
 *                    start                                         end
 *   log   ─── done ───┤ settled │ acquired │ available │ archiving ├─── never delivered ───
 *
 *                acquire                       accept, gap
 *   available ─────────────► acquired ───────────────────────────► settled
 *       ▲                       │  │   reject, or given up as often     ▲
 *       └───────────────────────┘  │   as the group's limit allows      │
 *        release, lock over,       ├──────► no dead-letter topic ───────┤
 *        member gone               └──────► archiving ──────────────────┘
 *                                            dead letter is on disk
 * </pre>
 *
 * <p>The window is kept as runs of neighbours in the same state, and holds no more records than
 * {@code share.partition.max.record.locks} lets it: so it is small, whatever the log holds. Its
 * rules ({@code …Rules}) are pure and run in the {@link
 * io.leat.broker.coordinator.CoordinatorLoop}.
 *
 * <p><b>Promises.</b> A member is answered when what it did is on disk.
 *
 * <ul>
 *   <li>A record that was acknowledged is not delivered again, whatever stops.
 *   <li>A record that was not is delivered again: after its lock, when its member is gone, after a
 *       restart. The delivery that a crash cut off counts, since it is on disk before the records
 *       are sent: so a record that brings everything down does not do so for ever.
 *   <li>While one member holds a record no other gets it; of two acknowledgements, by whomever, one
 *       is taken.
 *   <li>An acknowledgement whose answer was lost may have been taken, as everywhere.
 * </ul>
 *
 * <p>Where Leat departs from Apache Kafka: deliveries are durable before records are sent, where
 * Kafka remembers them when it next writes; {@code share.partition.max.record.locks} is strict, and
 * counts records that are not done with instead of the distance between the window's ends; a record
 * on its last attempt comes alone, so that it takes no healthy ones with it.
 */
@NullMarked
package io.leat.broker.share;

import org.jspecify.annotations.NullMarked;
