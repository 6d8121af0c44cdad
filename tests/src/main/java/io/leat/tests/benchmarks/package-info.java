/**
 * JMH benchmarks. One command builds what is needed and runs those whose names match:
 *
 * <pre>
 * mvn -q verify -pl tests -am -DskipTests -Dbenchmark=RecordBatchBenchmark
 * </pre>
 *
 * <p>{@code -Dbenchmark='RecordBatchBenchmark.crc -p recordBytes=100 -prof gc'} hands options on to
 * JMH; {@code -Dbenchmark=-l} lists all.
 */
package io.leat.tests.benchmarks;
