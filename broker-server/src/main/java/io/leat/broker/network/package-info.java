/** Sockets: frames in, replies out, in order and within bounds. The only room that names Netty. */
@NullMarked
package io.leat.broker.network;

import org.jspecify.annotations.NullMarked;
