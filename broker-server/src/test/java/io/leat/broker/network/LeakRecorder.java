package io.leat.broker.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Remembers buffers that were lost without being released. Netty makes it for itself, as the test
 * JVM's arguments say.
 */
public final class LeakRecorder<T> extends ResourceLeakDetector<T> {
    private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

    public LeakRecorder(Class<?> resourceType, int samplingInterval) {
        super(resourceType, samplingInterval);
    }

    // Netty looks for this constructor first.
    public LeakRecorder(Class<T> resourceType, int samplingInterval, long maxActive) {
        super(resourceType, samplingInterval);
    }

    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        LEAKS.add(resourceType + " " + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        LEAKS.add(resourceType);
    }

    /** Fails if a buffer was lost so far, as far as the garbage collector has seen. */
    public static void check() {
        System.gc();
        for (int count = 0; count < 10; count++) {
            ByteBuf probe = ByteBufAllocator.DEFAULT.directBuffer(16);
            probe.release();
        }
        if (!LEAKS.isEmpty()) {
            throw new AssertionError("lost buffers: " + LEAKS);
        }
    }

    static List<String> takeAll() {
        List<String> taken = List.copyOf(LEAKS);
        LEAKS.clear();
        return taken;
    }
}
