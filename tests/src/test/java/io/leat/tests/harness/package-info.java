/** Brokers as child processes, and the small things that all integration tests share. */
package io.leat.tests.harness;
