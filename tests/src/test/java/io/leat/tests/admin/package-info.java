/**
 * One script over the methods of the official Admin client, mistakes above all, run against Apache
 * Kafka and against Leat: the same results and the same exception classes, but for the differences
 * that {@link io.leat.tests.admin.Differences} lists with their reasons.
 */
package io.leat.tests.admin;
