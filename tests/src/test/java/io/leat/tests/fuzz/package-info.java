/**
 * Bytes that no client should send: requests of every API and version, made from the annotated
 * records of the messages with extreme values in their fields, with record batches and compression
 * bombs in them, cut, flipped and lengthened. Every input is made of a seed and its number alone.
 *
 * <pre>
 * mvn verify -pl tests -am -Dtest=FuzzTest -Dleat.fuzz.inputs=1000000 -Dleat.fuzz.seed=1 \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dtest.timeout.seconds=7200
 * mvn verify -pl tests -am -Dtest=FuzzTest -Dleat.fuzz.first=4711 -Dleat.fuzz.inputs=1 ...
 * </pre>
 */
package io.leat.tests.fuzz;
