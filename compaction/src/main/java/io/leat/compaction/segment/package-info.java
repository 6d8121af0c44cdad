/**
 * What all that rewrites closed segments shares: reading every byte of them, copying them without
 * some of their records, walking over them while others work on the same log.
 *
 * <p>A rewrite of {@link io.leat.storage.api.SealedSegments} makes each step safe against power
 * cuts; a log has one at a time, and what finds another one running tries again later. Who reads a
 * segment in order to rewrite it begins the rewrite first, and then reads: nobody else can change
 * the segment in between.
 */
package io.leat.compaction.segment;
