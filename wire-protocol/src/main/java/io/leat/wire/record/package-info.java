/**
 * Record batches (magic 2): a view over their bytes, a check, a reader, a builder, and the five
 * compression codecs. Depends on no other package of this project.
 */
package io.leat.wire.record;
