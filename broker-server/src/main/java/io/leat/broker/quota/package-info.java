/**
 * Quotas of clients (KIP-13, KIP-55, KIP-124, KIP-546, KIP-599, KIP-612): how fast users and client
 * ids may produce, fetch, keep threads busy and change topics, and how fast addresses may connect.
 *
 * <p>Who goes beyond a quota is answered first, and then not listened to for as long as brings the
 * rate back; the answer says for how long. Where no quota is set, a request costs one volatile
 * read.
 */
@NullMarked
package io.leat.broker.quota;

import org.jspecify.annotations.NullMarked;
