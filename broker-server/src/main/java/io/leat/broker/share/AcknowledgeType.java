package io.leat.broker.share;

import java.util.Optional;

/** What a member says of a record, by its code on the wire. */
enum AcknowledgeType {
    /** There is no record. */
    GAP,
    ACCEPT,
    RELEASE,
    REJECT,
    /** It needs more time (KIP-1222). */
    RENEW;

    private static final AcknowledgeType[] BY_CODE = values();

    static Optional<AcknowledgeType> of(byte code) {
        return code >= 0 && code < BY_CODE.length ? Optional.of(BY_CODE[code]) : Optional.empty();
    }
}
