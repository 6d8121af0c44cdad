/**
 * Puts security together from the configuration, and answers the APIs of authentication, users and
 * ACLs. Nothing here is loaded where no listener asks who its clients are.
 */
@NullMarked
package io.leat.broker.security;

import org.jspecify.annotations.NullMarked;
