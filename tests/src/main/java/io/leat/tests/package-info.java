/** What integration tests and benchmarks share. */
package io.leat.tests;
