package io.leat.tests.comparison;

import java.util.List;
import java.util.Map;

/**
 * What is done to a broker.
 *
 * @param name one word, to be chosen by
 * @param title one line for people
 * @param contestants who runs, and with which settings beyond the shipped ones; the first is what
 *     the last is compared with
 * @param goals what the ratio of the last to the first should be
 * @param manyFiles whether it leaves thousands of files
 */
record Workload(
        String name,
        String title,
        List<Contestant> contestants,
        List<Goal> goals,
        boolean manyFiles,
        Action action) {
    Workload(
            String name,
            String title,
            List<Contestant> contestants,
            List<Goal> goals,
            Action action) {
        this(name, title, contestants, goals, false, action);
    }

    Workload withManyFiles() {
        return new Workload(name, title, contestants, goals, true, action);
    }

    /** One of those that a workload compares. */
    record Contestant(String label, Candidate candidate, Map<String, String> settings) {}

    /** Does the work on a started broker and writes down what it finds. */
    @FunctionalInterface
    interface Action {
        void run(Bench bench) throws Exception;
    }
}
