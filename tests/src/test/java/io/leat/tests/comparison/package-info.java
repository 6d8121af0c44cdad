/**
 * Apache Kafka and Leat side by side: one program starts each in turn on this machine, with the
 * settings that each ships, drives them with Kafka's own tools and clients, and prints ratios.
 *
 * <pre>
 * ./leat bench compare                                  everything, three pairs: about two hours
 * ./leat bench compare --pairs 1 --only produce-1k,consume
 * ./leat bench compare --list
 *
 * Comparison      the program: pairs, order, progress
 *   Candidate     a broker as it is shipped: how to start it, on which data
 *   Workload      what is done to a running broker, and what is measured; Workloads lists them
 *     Tools       Kafka's own performance tools, in a process of their own
 *     LoadMain    what those tools cannot do: fixed rates, many consumers, in a process of its own
 *   ProcessGauge  what the kernel says of the broker's process: CPU, memory, threads
 *   Report        medians and ratios as a table, JSON and an SVG chart
 * </pre>
 *
 * <p>Nothing here asserts a speed: the machine decides, and the reader.
 */
package io.leat.tests.comparison;
