package io.leat.ops.http;

import io.leat.ops.BuildInfo;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import org.jspecify.annotations.Nullable;

/**
 * Memory, threads, garbage collection, CPU and files of the process. Bound at the first scrape and
 * not at start: the JVM's management beans cost time and memory that a broker nobody scrapes keeps.
 */
final class JvmMetrics implements AutoCloseable {
    private final MeterRegistry registry;
    private final BuildInfo build;
    private @Nullable JvmGcMetrics collections;
    private boolean closed;

    JvmMetrics(MeterRegistry registry, BuildInfo build) {
        this.registry = registry;
        this.build = build;
    }

    /** Binds them if that has not been done. */
    synchronized void bind() {
        if (collections != null || closed) {
            return;
        }
        Gauge.builder("leat.build.info", () -> 1)
                .description("What is running; always 1")
                .tag("version", build.version())
                .tag("java", build.java())
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        JvmGcMetrics gc = new JvmGcMetrics();
        gc.bindTo(registry);
        collections = gc;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (collections != null) {
            collections.close();
        }
    }
}
