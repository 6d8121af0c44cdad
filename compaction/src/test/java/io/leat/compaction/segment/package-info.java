/** Faults under what rewrites segments. */
package io.leat.compaction.segment;
