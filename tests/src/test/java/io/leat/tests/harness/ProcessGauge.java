package io.leat.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What Linux says of a process. While it is open, a thread looks at the memory twenty times a
 * second and keeps the peaks: the kernel keeps one only of the whole, with mapped files, and since
 * the process began.
 */
public final class ProcessGauge implements AutoCloseable {
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux
    private static final int STAT_UTIME = 13;
    private static final long SAMPLE_MILLIS = 50;

    private final Path proc;
    private final double cpuAtStart;
    private final double machineCpuAtStart = machineCpuSeconds();
    private final long startNanos = System.nanoTime();
    private final Thread sampler;
    private volatile boolean closed;
    private volatile double residentPeakMegabytes;
    private volatile double anonymousPeakMegabytes;

    public ProcessGauge(long pid) {
        proc = Path.of("/proc", Long.toString(pid));
        cpuAtStart = cpuSeconds();
        sampler = Thread.ofPlatform().daemon().name("gauge").start(this::sample);
    }

    /** CPU seconds that the process took since this was opened. */
    public double cpuSecondsSinceOpen() {
        return cpuSeconds() - cpuAtStart;
    }

    /**
     * CPU seconds that the whole machine took since this was opened: clients, and the kernel's own
     * threads, which write to the disk what processes have left in the page cache.
     */
    public double machineCpuSecondsSinceOpen() {
        return machineCpuSeconds() - machineCpuAtStart;
    }

    /** How many cores it kept busy since this was opened. */
    public double coresSinceOpen() {
        return cpuSecondsSinceOpen() / secondsSinceOpen();
    }

    private double secondsSinceOpen() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    public double residentMegabytes() {
        return kilobytes("VmRSS:") / 1e3;
    }

    public double residentPeakMegabytes() {
        return Math.max(residentPeakMegabytes, residentMegabytes());
    }

    public double anonymousMegabytes() {
        return kilobytes("RssAnon:") / 1e3;
    }

    public double anonymousPeakMegabytes() {
        return Math.max(anonymousPeakMegabytes, anonymousMegabytes());
    }

    public double threads() {
        return kilobytes("Threads:");
    }

    @Override
    public void close() {
        closed = true;
        try {
            sampler.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sample() {
        while (!closed) {
            try {
                residentPeakMegabytes = Math.max(residentPeakMegabytes, residentMegabytes());
                anonymousPeakMegabytes = Math.max(anonymousPeakMegabytes, anonymousMegabytes());
                TimeUnit.MILLISECONDS.sleep(SAMPLE_MILLIS);
            } catch (UncheckedIOException | InterruptedException e) {
                return; // the process has ended
            }
        }
    }

    private double cpuSeconds() {
        // pid (name) state ...: the name may hold anything, so count from its end.
        String stat = String.join(" ", lines("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long user = Long.parseLong(fields[STAT_UTIME - 2]);
        long system = Long.parseLong(fields[STAT_UTIME - 1]);
        return (user + system) / TICKS_PER_SECOND;
    }

    private static double machineCpuSeconds() {
        // cpu user nice system idle iowait irq softirq ...
        String[] fields = lines(Path.of("/proc/stat")).getFirst().split(" +", -1);
        long busy = 0;
        for (int field : new int[] {1, 2, 3, 6, 7}) {
            busy += Long.parseLong(fields[field]);
        }
        return busy / TICKS_PER_SECOND;
    }

    private double kilobytes(String key) {
        return lines("status").stream()
                .filter(line -> line.startsWith(key))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(Double.NaN);
    }

    private List<String> lines(String file) {
        return lines(proc.resolve(file));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
