/**
 * Compacted topics as their users know them: official clients and our own read the latest value of
 * each key, whatever happens to the broker while it compacts.
 *
 * <pre>
 * mvn verify -pl tests -am -Dtest=CompactionTest -Dleat.tests.compaction.kills=200 \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dtest.timeout.seconds=7200
 * </pre>
 */
package io.leat.tests.compaction;
