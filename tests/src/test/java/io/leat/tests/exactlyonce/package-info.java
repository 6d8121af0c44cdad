/**
 * Read, process and write in transactions while brokers and clients are killed. At length:
 *
 * <pre>
 * mvn verify -pl tests -am -Dtest=ReadProcessWriteTest -Dleat.tests.rounds=50 \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dtest.timeout.seconds=7200
 * </pre>
 */
package io.leat.tests.exactlyonce;
