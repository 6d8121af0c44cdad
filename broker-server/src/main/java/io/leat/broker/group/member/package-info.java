/**
 * What the memberships of all protocols have in common: who a member is, and what the rest of the
 * broker asks of any membership.
 */
@NullMarked
package io.leat.broker.group.member;

import org.jspecify.annotations.NullMarked;
