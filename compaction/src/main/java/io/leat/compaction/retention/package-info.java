/** Which records of a log are too old, or too many, to be kept. */
package io.leat.compaction.retention;
