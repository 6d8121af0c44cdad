/**
 * Brokers that are killed, or lose their power, in the middle of their work, and what their clients
 * know of it. At length, and the seed of a run again:
 *
 * <pre>
 * mvn verify -pl tests -am -Dtest=PowerCutTest -Dleat.tests.cuts=200 \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dtest.timeout.seconds=7200
 * mvn verify -pl tests -am -Dtest=DelayKillTest -Dleat.tests.kills=100 \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dtest.timeout.seconds=7200
 * mvn verify -pl tests -am -Dtest=KillTest -Dleat.tests.kills=200 -Dleat.tests.seed=1 \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dtest.timeout.seconds=7200
 * mvn verify -pl tests -am -Dtest=OutOfMemoryTest -Dleat.tests.starvations=20 \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dtest.timeout.seconds=7200
 * mvn verify -pl tests -am -Dtest=ForceCheckTest -Dleat.tests.aborts=100 \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dtest.timeout.seconds=7200
 * </pre>
 */
package io.leat.tests.faults;
