/** What the broker does for its logs from time to time, asked by nobody. */
package io.leat.broker.upkeep;
