/**
 * Connections to brokers: framing, correlation, version negotiation, reconnecting. The only package
 * of the client that knows Netty. Nothing in here is public API; use {@link io.leat.client}.
 *
 * <p>All of it runs on the one thread of a {@link io.leat.client.network.NetworkLoop}, futures
 * complete on it, and nothing on it may block.
 */
package io.leat.client.network;
