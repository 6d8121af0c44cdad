package io.leat.tests.comparison;

/** Something that is measured of both brokers. */
enum Metric {
    THROUGHPUT("throughput", "MB/s", true),
    RECORDS("records", "records/s", true),
    CPU_PER_GB("broker CPU", "CPU-s/GB", false),
    MACHINE_CPU_PER_GB("whole machine's CPU, until on disk", "CPU-s/GB", false),
    CPU_CORES("broker CPU", "cores", false),
    ACK_P50("ack p50", "ms", false),
    ACK_P99("ack p99", "ms", false),
    ACK_P999("ack p99.9", "ms", false),
    END_TO_END_P50("end to end p50", "ms", false),
    END_TO_END_P99("end to end p99", "ms", false),
    END_TO_END_P999("end to end p99.9", "ms", false),
    CREATE("create", "s", false),
    FIRST_ACKS("first ack on all", "s", false),
    START("start to ready", "s", false),
    FIRST_RECORD("start to first consumed record", "s", false),
    ALL_OFFSETS("start to all end offsets told", "s", false),
    JOIN("all groups joined", "s", false),
    RESIDENT("resident memory", "MB", false),
    RESIDENT_PEAK("resident memory, peak", "MB", false),
    RESIDENT_ANONYMOUS("resident memory, anonymous", "MB", false),
    ANONYMOUS_PEAK("resident memory, anonymous, peak", "MB", false),
    THREADS("threads", "", false),
    DISK("on disk", "MB", false);

    private final String label;
    private final String unit;
    private final boolean moreIsBetter;

    Metric(String label, String unit, boolean moreIsBetter) {
        this.label = label;
        this.unit = unit;
        this.moreIsBetter = moreIsBetter;
    }

    String label() {
        return label;
    }

    String unit() {
        return unit;
    }

    boolean moreIsBetter() {
        return moreIsBetter;
    }
}
