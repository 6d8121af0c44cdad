/**
 * Erasure by key in one log: every record of some keys goes, from all segments, and that none is
 * left is read from the files.
 *
 * <p><b>What is erased.</b> All records of the keys below an offset that is fixed when the erasure
 * is accepted (the end of what was written then, and durable by now): with or without a value, in
 * compressed batches, in transactions committed, aborted or open, before the log start as long as
 * their segment is there. Records from that offset on stay: they were written after somebody asked.
 * All other records stay as they are, with their offsets; a batch that loses its last record stays
 * as an empty one where it tells a producer's sequence.
 *
 * <p><b>How.</b>
 *
 * <pre>
 *   seal      the segment that grows, so that all of it lies in sealed segments
 *   survey    only where tombstones are to stay: where each key was written last
 *   erase     read each segment; one that holds a record of the keys is rewritten without it,
 *             and its old file deleted at once
 *   verify    read each segment again: checksums hold, no record of the keys is there
 *   settle    wait until no reader leases a file that was taken out of the log
 * </pre>
 *
 * <p>Each step can be done again from the start, and finds nothing to do where it was done before:
 * that is how an erasure goes on after a crash. The counts are exact all the same: what a rewrite
 * will have removed is written down before it is committed.
 *
 * <p><b>Tombstones.</b> A tombstone holds the key, so by default those go too and none is left. A
 * consumer that keeps the latest value of each key does not hear of the erasure then. Where it
 * must, a tombstone can be left: it is appended behind all that goes, in each partition that held a
 * value of the key, and on a compacted topic goes itself after {@code delete.retention.ms}.
 *
 * <p><b>Keys are known by their SHA-256 only</b>, here and wherever an erasure is kept: the key is
 * what must go. A tombstone takes it from the records that it replaces.
 *
 * <p><b>Limits.</b> What a file system leaves in blocks that it has freed is beyond a log's reach:
 * where that matters, encrypt the disk, and let it discard freed blocks. Copies elsewhere, such as
 * consumers' stores and backups, are theirs to erase. A key inside other records' values or headers
 * is not looked for.
 */
package io.leat.compaction.erasure;
