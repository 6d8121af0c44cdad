/** Configuration: every key declared once, typed, checked, documented. */
@NullMarked
package io.leat.broker.config;

import org.jspecify.annotations.NullMarked;
