/**
 * Metrics of clients (KIP-714). Subscriptions, which admins set as configurations of type
 * client-metrics, say which clients push which of their metrics how often; what they push stands in
 * the broker's own metrics as {@code leat.client.*}, by client id. All of it is bounded: bytes of a
 * push, clients, and series.
 */
@NullMarked
package io.leat.broker.telemetry;

import org.jspecify.annotations.NullMarked;
