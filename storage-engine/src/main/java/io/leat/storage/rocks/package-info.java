/** Coordinator state in RocksDB. No other package names RocksDB. */
@NullMarked
package io.leat.storage.rocks;

import org.jspecify.annotations.NullMarked;
