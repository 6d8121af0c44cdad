package io.leat.client;

import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Things that are asked for together and answered one by one: those that can be retried stay, the
 * others are done or failed.
 */
final class Batch<K> {
    private final Set<K> pending;
    private final List<BrokerException> failures = new ArrayList<>();
    private @Nullable BrokerException retry;

    Batch(Collection<K> items) {
        pending = new LinkedHashSet<>(items);
    }

    /** What the next attempt asks for. */
    Set<K> pending() {
        return Set.copyOf(pending);
    }

    /**
     * Takes an answer.
     *
     * @param subject names the item in messages
     */
    void answered(K item, short code, String subject, @Nullable String brokerMessage) {
        ErrorCode error = ErrorCode.of(code);
        if (error == ErrorCode.NONE) {
            pending.remove(item);
        } else if (error.retriable() && error != ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
            retry = BrokerException.of(error, subject, brokerMessage);
        } else if (pending.remove(item)) {
            failures.add(BrokerException.fatal(error, subject, brokerMessage));
        }
    }

    /**
     * How the attempt ended: well, or with a failure that is retriable as long as anything is
     * pending.
     */
    CompletableFuture<Void> outcome() {
        if (!pending.isEmpty() && retry != null) {
            return CompletableFuture.failedFuture(retry);
        }
        if (failures.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        BrokerException first = failures.get(0);
        failures.stream().skip(1).forEach(first::addSuppressed);
        return CompletableFuture.failedFuture(first);
    }
}
