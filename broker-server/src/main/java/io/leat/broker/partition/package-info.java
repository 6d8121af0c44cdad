/** One partition: its log and those who wait for it to grow. */
@NullMarked
package io.leat.broker.partition;

import org.jspecify.annotations.NullMarked;
