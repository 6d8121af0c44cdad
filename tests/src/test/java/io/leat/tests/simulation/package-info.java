/**
 * The storage engine and everything that rewrites or removes its segments, over a disk that loses,
 * tears, reorders and flips whatever was not forced, fails, and runs full; against a model in
 * memory, one thread, all from one seed. At length, and one seed again:
 *
 * <pre>
 * mvn verify -pl tests -am -Dtest=StorageSimulationTest -Dleat.storage.seeds=10000 \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dtest.timeout.seconds=7200
 * mvn verify -pl tests -am -Dtest=StorageSimulationTest -Dleat.storage.seed=4711 \
 *     -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
package io.leat.tests.simulation;
