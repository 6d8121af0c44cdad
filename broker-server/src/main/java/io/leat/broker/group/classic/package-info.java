/**
 * Groups of the classic protocol: members join, one of them assigns. The rules ({@code …Rules}) are
 * pure and decide on a {@link io.leat.broker.group.classic.ClassicMembership}.
 */
@NullMarked
package io.leat.broker.group.classic;

import org.jspecify.annotations.NullMarked;
