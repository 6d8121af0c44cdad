/**
 * Consumer groups: their members, their offsets, and how far they are behind.
 *
 * <p>Rules ({@code …Rules}) are pure and decide on a {@link io.leat.broker.group.Group}; the
 * handlers of the group APIs translate between them and the wire.
 */
@NullMarked
package io.leat.broker.group;

import org.jspecify.annotations.NullMarked;
