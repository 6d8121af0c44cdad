/**
 * What the broker answers: one handler class per API, the registry that names them, and the router
 * that turns a frame into a reply. Nothing in here knows sockets.
 */
@NullMarked
package io.leat.broker.api;

import org.jspecify.annotations.NullMarked;
