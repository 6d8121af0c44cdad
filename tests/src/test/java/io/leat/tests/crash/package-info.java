/** Brokers that are killed in the middle of their work. */
package io.leat.tests.crash;
