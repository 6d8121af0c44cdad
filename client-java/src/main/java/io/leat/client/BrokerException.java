package io.leat.client;

import io.leat.wire.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A broker answered with an error. */
public final class BrokerException extends LeatClientException {
    private static final long serialVersionUID = 1L;

    private BrokerException(ErrorCode errorCode, boolean retriable, String message) {
        super(errorCode, retriable, message, null);
    }

    /**
     * An error in an answer.
     *
     * @param subject what the answer is about, such as {@code topic 'flights'}
     * @param brokerMessage what the broker says besides the code; null or empty where it says
     *     nothing
     */
    static BrokerException of(ErrorCode errorCode, String subject, @Nullable String brokerMessage) {
        return of(errorCode, errorCode.retriable(), subject, brokerMessage);
    }

    /** An error that is not worth another attempt, whatever its code says in general. */
    static BrokerException fatal(
            ErrorCode errorCode, String subject, @Nullable String brokerMessage) {
        return of(errorCode, false, subject, brokerMessage);
    }

    private static BrokerException of(
            ErrorCode errorCode,
            boolean retriable,
            String subject,
            @Nullable String brokerMessage) {
        StringBuilder text = new StringBuilder(subject).append(": ").append(errorCode);
        boolean says = brokerMessage != null && !brokerMessage.isBlank();
        text.append(" (").append(says ? brokerMessage : errorCode.message()).append(')');
        Hints.of(errorCode).ifPresent(hint -> text.append("; ").append(hint));
        return new BrokerException(errorCode, retriable, text.toString());
    }

    static BrokerException of(short code, String subject, @Nullable String brokerMessage) {
        return of(ErrorCode.of(code), subject, brokerMessage);
    }

    /**
     * Throws unless an answer is without an error.
     *
     * @param code as it stands in the answer
     */
    static void check(short code, String subject, @Nullable String brokerMessage) {
        if (code != ErrorCode.NONE.code()) {
            throw of(code, subject, brokerMessage);
        }
    }

    /** The same, where a topic that is not there will not be there on another attempt either. */
    static void checkOfTopic(short code, String subject, @Nullable String brokerMessage) {
        if (code == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code()) {
            throw fatal(ErrorCode.of(code), subject, brokerMessage);
        }
        check(code, subject, brokerMessage);
    }
}
