/** Topics and their partitions as groups see them, and how partitions are dealt out to members. */
@NullMarked
package io.leat.broker.group.assign;

import org.jspecify.annotations.NullMarked;
