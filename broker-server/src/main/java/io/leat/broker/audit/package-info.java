/**
 * Who changed what, and who was refused: events in the topic {@code __leat_audit}, one JSON object
 * a record, which the broker alone writes. {@link io.leat.broker.audit.AuditEvent} draws them.
 */
@NullMarked
package io.leat.broker.audit;

import org.jspecify.annotations.NullMarked;
