package io.leat.client.network;

import java.time.Duration;

/**
 * What all connections of a client have in common.
 *
 * @param clientId how the client names itself to brokers
 * @param connectTimeout for the TCP connection, TLS, the version negotiation and SASL, together
 * @param requestTimeout how long an answer may take where a call says nothing else
 * @param reconnectBackoff the pause after a first failed attempt; doubled with each further one
 * @param reconnectBackoffMax the longest pause between attempts
 * @param inFlightMax requests on the way on one connection, 1 or more; others wait
 * @param waitingMax requests that may wait for one broker
 * @param responseBytesMax the largest frame that is accepted
 * @param security TLS and SASL
 */
public record ConnectionSettings(
        String clientId,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration reconnectBackoff,
        Duration reconnectBackoffMax,
        int inFlightMax,
        int waitingMax,
        int responseBytesMax,
        Security security) {}
