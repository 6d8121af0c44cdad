/** Fetch: sessions, reads without copies, and waiting without polling. */
@NullMarked
package io.leat.broker.api.fetch;

import org.jspecify.annotations.NullMarked;
