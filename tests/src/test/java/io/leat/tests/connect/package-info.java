/** Kafka Connect: workers that share connectors, and source connectors that write exactly once. */
package io.leat.tests.connect;
