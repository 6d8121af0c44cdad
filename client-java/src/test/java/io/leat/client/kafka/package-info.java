/**
 * Apache Kafka itself, as a process that tests start and stop: the oracle for everything that
 * speaks its protocol.
 */
package io.leat.client.kafka;
