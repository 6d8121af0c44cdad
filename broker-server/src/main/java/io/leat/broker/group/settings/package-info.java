/** Limits and waits of groups: the broker's, and what is set on single groups. */
@NullMarked
package io.leat.broker.group.settings;

import org.jspecify.annotations.NullMarked;
