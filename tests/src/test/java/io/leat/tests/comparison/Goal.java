package io.leat.tests.comparison;

/**
 * What Leat sets itself: a bound of the ratio Leat / Kafka.
 *
 * @param ratio at most, or at least where more of the metric is better
 */
record Goal(Metric metric, double ratio) {
    boolean met(double measured) {
        return metric.moreIsBetter() ? measured >= ratio : measured <= ratio;
    }

    String text() {
        return (metric.moreIsBetter() ? "at least " : "at most ") + Numbers.ratio(ratio);
    }
}
