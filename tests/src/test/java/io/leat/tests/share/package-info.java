/**
 * Share groups with the official client: what they promise, while members and the broker are killed
 * at random.
 *
 * <p>{@code -Dleat.share.rounds=60} makes the trial with kills longer (in the build: 6), {@code
 * -Dleat.share.seed=7} replays its choices; threads and processes are not replayed.
 */
package io.leat.tests.share;
