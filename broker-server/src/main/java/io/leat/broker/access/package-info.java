/**
 * Who may do what. {@link io.leat.broker.access.AccessRules} says for each API what it needs, and
 * the router asks it before any handler sees a request: what is not allowed is taken out of the
 * request, and its refusals are added to the response. Handlers know nothing of it, but for those
 * that choose what to read only later, which ask their connection's {@link
 * io.leat.broker.access.Access}.
 */
@NullMarked
package io.leat.broker.access;

import org.jspecify.annotations.NullMarked;
