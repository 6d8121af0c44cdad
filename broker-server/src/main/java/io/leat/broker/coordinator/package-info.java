/**
 * What every coordinator runs on: pure rules make a {@link io.leat.broker.coordinator.Transition}
 * of an immutable state, and {@link io.leat.broker.coordinator.CoordinatorLoop} makes it durable
 * before anyone hears of it.
 *
 * <pre>
 *   ask ──► inbox ─┐                                        ┌─► published states ──► readers
 *                  ├─► decide ─► decide ─► … ─► one write ──┼─► alarms
 *   alarms due ────┘        (a turn of the loop)            └─► replies
 * </pre>
 */
@NullMarked
package io.leat.broker.coordinator;

import org.jspecify.annotations.NullMarked;
