/** Annotations that make a Java record the schema of a message, and the codecs derived from it. */
package io.leat.wire.schema;
