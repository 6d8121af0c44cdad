/** Bytes that are no Kafka protocol, or break off in the middle of it. */
package io.leat.tests.malformed;
