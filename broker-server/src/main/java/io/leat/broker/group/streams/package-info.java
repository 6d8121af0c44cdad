/**
 * Streams groups (KIP-1071): the broker assigns the tasks of a topology, makes its internal topics,
 * and moves members to their tasks one heartbeat after the other. The rules ({@code …Rules}) are
 * pure and decide on a {@link io.leat.broker.group.streams.StreamsMembership}.
 *
 * <pre>
 *   the topology comes with the first member that joins
 *     -> its topics are looked at: partitions are counted, what is missing is made or said
 *   a member comes, goes or changes, or topics change
 *     -> the group's epoch goes up
 *     -> a target is made for that epoch: which tasks each member is to own, in which role
 *     -> a task whose state is not where it is to run stays, and is warmed up there
 *     -> each member, in its heartbeats: gives up what is not in its target, says so,
 *        goes to the target's epoch, takes what others have given up
 * </pre>
 *
 * A task is run by the member that owns it until that member has said that it gave it up, or is out
 * of the group. So it has one active owner at any time; and no two members of a process have the
 * same task, since they share a directory of state.
 */
@NullMarked
package io.leat.broker.group.streams;

import org.jspecify.annotations.NullMarked;
