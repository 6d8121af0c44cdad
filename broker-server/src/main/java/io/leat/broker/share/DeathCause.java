package io.leat.broker.share;

/** Why a record is not delivered any more. The codes are kept in the state store. */
enum DeathCause {
    /** A member rejected it. */
    REJECTED(1, "rejected"),
    /** It was given up as often as {@code share.delivery.count.limit} allows. */
    LIMIT_REACHED(2, "delivery limit reached");

    private final int code;
    private final String text;

    DeathCause(int code, String text) {
        this.code = code;
        this.text = text;
    }

    int code() {
        return code;
    }

    /** For people. */
    String text() {
        return text;
    }
}
