/**
 * The members of share groups (KIP-932), and which partitions each of them reads. What they are
 * delivered is {@code io.leat.broker.share}'s concern.
 *
 * <p>A membership is one entry of the state store, written when members come, go or subscribe anew,
 * or when their topics change; heartbeats write nothing. The assignment follows from it.
 */
@NullMarked
package io.leat.broker.group.share;

import org.jspecify.annotations.NullMarked;
