package io.leat.client;

/**
 * What an idempotent producer is to a partition. The epoch is a partition's own: it goes up when
 * the sequence has to start anew there, and the broker keeps it per partition too.
 *
 * @param producerId given by the cluster
 * @param epoch 0 or more
 */
record ProducerIdentity(long producerId, short epoch) {
    boolean canBump() {
        return epoch < Short.MAX_VALUE;
    }

    ProducerIdentity bumped() {
        return new ProducerIdentity(producerId, (short) (epoch + 1));
    }
}
