/** Leat's own client against Leat; its module holds the same contracts against Apache Kafka. */
package io.leat.tests.sdk;
