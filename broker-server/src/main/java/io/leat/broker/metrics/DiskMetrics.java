package io.leat.broker.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.File;
import java.nio.file.Path;

/** What the file system has to give. Both are 0 where it does not tell. */
public final class DiskMetrics {
    private DiskMetrics() {}

    /** Measures the disk of a data directory. */
    public static void measure(MeterRegistry meters, Path directory) {
        File disk = directory.toFile();
        Gauge.builder("leat.disk.free", disk, File::getUsableSpace)
                .description("Bytes that the broker can still write to its data directory's disk")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("leat.disk.total", disk, File::getTotalSpace)
                .description("Size of the data directory's disk")
                .baseUnit("bytes")
                .register(meters);
    }
}
