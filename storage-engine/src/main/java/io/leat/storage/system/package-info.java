/** What operating systems do otherwise than a store needs it. */
@NullMarked
package io.leat.storage.system;

import org.jspecify.annotations.NullMarked;
