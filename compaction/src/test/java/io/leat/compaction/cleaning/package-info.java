/** Compaction, on logs of real files, against a model. */
package io.leat.compaction.cleaning;
