/** What the broker counts and measures, in Micrometer's terms. */
@NullMarked
package io.leat.broker.metrics;

import org.jspecify.annotations.NullMarked;
