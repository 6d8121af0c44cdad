/** Retention. */
package io.leat.compaction.retention;
