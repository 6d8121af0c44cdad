/** Kafka Streams: what it needs of a broker, and exactly once over crashes. */
package io.leat.tests.streams;
