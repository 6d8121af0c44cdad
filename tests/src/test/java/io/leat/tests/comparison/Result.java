package io.leat.tests.comparison;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What was measured in all runs of one workload: by contestant, by metric, a value a run. */
final class Result {
    private final Workload workload;
    private final Map<String, Map<Metric, List<Double>>> values = new LinkedHashMap<>();

    Result(Workload workload) {
        this.workload = workload;
        workload.contestants()
                .forEach(each -> values.put(each.label(), new EnumMap<>(Metric.class)));
    }

    Workload workload() {
        return workload;
    }

    void add(String contestant, Map<Metric, Double> found) {
        Map<Metric, List<Double>> all = values.get(contestant);
        found.forEach(
                (metric, value) -> all.computeIfAbsent(metric, m -> new ArrayList<>()).add(value));
    }

    /** The metrics that were found, in their own order. */
    List<Metric> metrics() {
        return List.of(Metric.values()).stream()
                .filter(metric -> values.values().stream().anyMatch(v -> v.containsKey(metric)))
                .toList();
    }

    List<Double> runs(String contestant, Metric metric) {
        return List.copyOf(values.get(contestant).getOrDefault(metric, List.of()));
    }

    OptionalDouble median(String contestant, Metric metric) {
        List<Double> runs = runs(contestant, metric);
        return runs.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Numbers.median(runs));
    }

    /** The last contestant's median in relation to another's; empty without both. */
    OptionalDouble ratio(String to, Metric metric) {
        OptionalDouble ours = median(workload.contestants().getLast().label(), metric);
        OptionalDouble theirs = median(to, metric);
        if (ours.isEmpty() || theirs.isEmpty() || theirs.getAsDouble() == 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(ours.getAsDouble() / theirs.getAsDouble());
    }
}
