/** The offsets that groups have committed, and those of open transactions. */
@NullMarked
package io.leat.broker.group.offset;

import org.jspecify.annotations.NullMarked;
