/** What can be asked of a data directory while no broker runs on it. */
package io.leat.broker.offline;
