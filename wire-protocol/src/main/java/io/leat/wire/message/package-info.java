/**
 * The messages of the Kafka protocol, one record each, in every version that Apache Kafka 4.4
 * accepts. Names of messages, structs and fields, and the order of fields, are Kafka's.
 */
package io.leat.wire.message;
