/** {@code leat demo}: a stream of real events, a group that reads it, and what it learns. */
package io.leat.cli.demo;
