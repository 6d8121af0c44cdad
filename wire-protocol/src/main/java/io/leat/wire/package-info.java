/** The Kafka protocol's numbers: which API, which error. */
package io.leat.wire;
