package io.leat.wire.record;

import java.util.concurrent.ArrayBlockingQueue;

/**
 * Arrays of one size that are lent and given back, for bytes that nobody needs behind one batch: at
 * a hundred thousand compressed batches a minute fresh ones keep the garbage collector busy, and
 * each must be zeroed first. A few are kept; who finds none gets a new one. Any thread.
 */
final class ScratchArrays {
    private final int sizeBytes;
    private final ArrayBlockingQueue<byte[]> free;

    /**
     * @param sizeBytes the size of each
     * @param keptMax how many are kept at the most
     */
    ScratchArrays(int sizeBytes, int keptMax) {
        this.sizeBytes = sizeBytes;
        this.free = new ArrayBlockingQueue<>(keptMax);
    }

    /** An array with anything in it, at least this large; one of that size if it is larger. */
    byte[] lend(int sizeBytesMin) {
        if (sizeBytesMin > sizeBytes) {
            return new byte[sizeBytesMin];
        }
        byte[] kept = free.poll();
        return kept != null ? kept : new byte[sizeBytes];
    }

    /** Takes an array back that was lent, once, and that its borrower has forgotten. */
    void giveBack(byte[] array) {
        if (array.length == sizeBytes) {
            free.offer(array); // or leaves it to the garbage collector
        }
    }
}
