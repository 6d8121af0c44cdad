/** Topics: their names, ids and configs, kept in the state store and nowhere else. */
@NullMarked
package io.leat.broker.topic;

import org.jspecify.annotations.NullMarked;
