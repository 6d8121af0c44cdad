/**
 * The room for all that rewrites or removes closed segments: retention, log compaction, erasure.
 */
package io.leat.compaction;
