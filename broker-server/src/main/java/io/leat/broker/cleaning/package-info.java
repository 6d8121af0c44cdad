/** Compaction of the topics that ask for it: which log is next, how fast, and what came of it. */
package io.leat.broker.cleaning;
