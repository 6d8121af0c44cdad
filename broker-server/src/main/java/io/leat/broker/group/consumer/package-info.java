/**
 * Consumer groups (KIP-848): the broker assigns, and members are moved to their assignments one
 * heartbeat after the other. The rules ({@code …Rules}) are pure and decide on a {@link
 * io.leat.broker.group.consumer.ConsumerMembership}.
 *
 * <pre>
 *   a member comes, goes or wants other topics, or topics change
 *     -> the group's epoch goes up
 *     -> a target is made for that epoch: what each member is to own
 *     -> each member, in its heartbeats: gives up what is not in its target, says so,
 *        goes to the target's epoch, takes what others have given up
 * </pre>
 *
 * A partition is held by the member that owns it until that member has said that it gave it up, or
 * is out of the group. So it has one owner at any time.
 */
@NullMarked
package io.leat.broker.group.consumer;

import org.jspecify.annotations.NullMarked;
