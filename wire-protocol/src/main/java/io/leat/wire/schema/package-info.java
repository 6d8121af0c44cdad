/**
 * Annotations that make a Java record the schema of a message, and the codecs derived from it.
 *
 * <p>A record annotated with {@link io.leat.wire.schema.Message} is a message. Its components are
 * the fields, in the order of the wire; {@link io.leat.wire.schema.Since} and its siblings say in
 * which versions each exists and how. {@link io.leat.wire.schema.MessageCodec} derives from that,
 * for each version when it is first used, what to read and write.
 *
 * <pre>
 * component            classic                          flexible (KIP-482)
 *
 * boolean, byte        1 byte                           the same
 * short                2 bytes, big-endian as all       the same
 * int                  4 bytes, {@code @Unsigned} 2             the same
 * long                 8 bytes, {@code @Unsigned} 4             the same
 * double               8 bytes, IEEE 754                the same
 * UUID                 16 bytes                         the same
 * String               length:int16  UTF-8              length+1:uvarint  UTF-8
 * ByteBuffer           length:int32  bytes              length+1:uvarint  bytes
 * Payload              length:int32  record batches     length+1:uvarint  record batches
 * List                 count:int32   elements           count+1:uvarint   elements
 * null of these four   length or count -1               0
 * record               its components                   its components  tagged section
 * nullable record      -1, or 1 and the record          the same
 *
 * tagged section       count:uvarint  ( tag:uvarint  size:uvarint  value )*
 * uvarint              seven bits a byte, lowest first, top bit: more follow; at most 5 bytes
 * </pre>
 *
 * <p>A tagged field is written when it differs from its default, by ascending tag. Tags that the
 * record does not know are skipped when read, and so are not there when it is written again: a
 * broker answers, it does not forward.
 *
 * <p>What is read is not trusted. Every length and count is compared with the bytes that remain
 * before anything is allocated, so a decoded message takes memory in proportion to its bytes, which
 * the size of a frame bounds. The depth of a message is that of its record.
 */
package io.leat.wire.schema;
