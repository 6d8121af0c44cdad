package io.leat.broker.transaction;

/**
 * What is known of a transactional id. Immutable.
 *
 * @param id the producer id
 * @param epoch the producer's epoch; batches and requests of any other are refused
 * @param previousId the producer id before the last change of it, or -1
 * @param previousEpoch the epoch that its client may still name because it missed an answer, or -1
 * @param timeoutMillis how long its transactions may take
 * @param updatedMillis when it was last changed, ms since the epoch
 */
record TransactionalProducer(
        long id,
        short epoch,
        long previousId,
        short previousEpoch,
        int timeoutMillis,
        Phase phase,
        long updatedMillis) {
    static final short NO_EPOCH = -1;
    static final long NO_ID = -1;

    /** The highest epoch a client may have; one more is left to fence it off. */
    static final short EPOCH_MAX = Short.MAX_VALUE - 1;

    TransactionalProducer {
        if (id < 0 || epoch < 0) {
            throw new IllegalStateException("producer " + id + " with epoch " + epoch);
        }
    }

    /** Whether the next instance or transaction needs a new producer id. */
    boolean exhausted() {
        return epoch >= EPOCH_MAX;
    }

    TransactionalProducer withPhase(Phase next, long nowMillis) {
        return new TransactionalProducer(
                id, epoch, previousId, previousEpoch, timeoutMillis, next, nowMillis);
    }

    /**
     * The next epoch of this id; {@code previousEpoch} is remembered for clients that ask again.
     */
    TransactionalProducer withEpoch(short nextEpoch, short previousEpoch) {
        return new TransactionalProducer(
                id, nextEpoch, previousId, previousEpoch, timeoutMillis, phase, updatedMillis);
    }

    /** Another id, from epoch 0 on. */
    TransactionalProducer withId(long nextId, short previousEpoch) {
        return new TransactionalProducer(
                nextId, (short) 0, id, previousEpoch, timeoutMillis, phase, updatedMillis);
    }

    TransactionalProducer withTimeout(int millis) {
        return new TransactionalProducer(
                id, epoch, previousId, previousEpoch, millis, phase, updatedMillis);
    }
}
