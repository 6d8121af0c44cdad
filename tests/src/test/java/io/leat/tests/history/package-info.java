/**
 * A checker in the manner of Jepsen's workload for Kafka: many clients send and poll in
 * transactions while the broker is killed, paused and cut off; what they did and saw is a {@link
 * io.leat.tests.history.History}, and {@link io.leat.tests.history.Analysis} finds in it what must
 * not be. At length:
 *
 * <pre>
 * mvn verify -pl tests -am -Dtest=HistoryTest -Dleat.tests.history.seconds=600 \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dtest.timeout.seconds=7200
 * </pre>
 */
package io.leat.tests.history;
