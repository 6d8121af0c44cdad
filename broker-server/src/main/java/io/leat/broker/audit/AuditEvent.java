package io.leat.broker.audit;

import io.leat.broker.access.Operation;
import io.leat.broker.access.ResourceType;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;

/**
 * Something that is worth remembering.
 *
 * <pre>{@code
 * {"time":1767225600000,"event":"change","principal":"User:admin","host":"10.0.0.7",
 *  "api":"CreateTopics","request":{...},"errors":[]}
 * {"time":...,"event":"denial","principal":...,"host":...,
 *  "operation":"WRITE","resourceType":"TOPIC","resource":"orders"}
 * {"time":...,"event":"login-failed","principal":"User:alice","host":...,"listener":"SASL_SSL",
 *  "mechanism":"SCRAM-SHA-256"}
 * }</pre>
 *
 * The principal of a failed log-in is who the client said it was. No event has a password, a token
 * or a key.
 */
sealed interface AuditEvent {
    /** When, in milliseconds since the epoch. */
    long timeMillis();

    /** Who. */
    String principal();

    /** From where. */
    String host();

    /** Somebody changed something, or tried to. */
    record Change(
            long timeMillis,
            String principal,
            String host,
            String api,
            RequestMessage request,
            ResponseMessage response)
            implements AuditEvent {}

    /** Somebody wanted what it may not. */
    record Denial(
            long timeMillis,
            String principal,
            String host,
            Operation operation,
            ResourceType type,
            String name)
            implements AuditEvent {}

    /** Somebody was not let in. */
    record FailedLogin(
            long timeMillis, String principal, String host, String listener, String mechanism)
            implements AuditEvent {}

    /** The event as one line of JSON. */
    default String json() {
        StringBuilder out = new StringBuilder(256).append("{\"time\":").append(timeMillis());
        switch (this) {
            case Change change -> {
                head(out, "change");
                field(out, "api", change.api());
                out.append(",\"request\":");
                MessageJson.write(out, change.request());
                out.append(",\"errors\":");
                MessageJson.write(out, MessageJson.errors(change.response()));
            }
            case Denial denial -> {
                head(out, "denial");
                field(out, "operation", denial.operation().name());
                field(out, "resourceType", denial.type().name());
                field(out, "resource", denial.name());
            }
            case FailedLogin login -> {
                head(out, "login-failed");
                field(out, "listener", login.listener());
                field(out, "mechanism", login.mechanism());
            }
        }
        return out.append('}').toString();
    }

    private void head(StringBuilder out, String event) {
        field(out, "event", event);
        field(out, "principal", principal());
        field(out, "host", host());
    }

    private static void field(StringBuilder out, String name, String value) {
        out.append(',');
        MessageJson.string(out, name);
        out.append(':');
        MessageJson.string(out, value);
    }
}
