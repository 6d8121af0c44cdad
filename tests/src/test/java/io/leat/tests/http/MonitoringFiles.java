package io.leat.tests.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The queries of the Prometheus rules and the Grafana dashboard that come with Leat. */
record MonitoringFiles(List<String> queries) {
    private static final Pattern RULE = Pattern.compile("(?m)^\\s+expr: (.+)$");
    private static final Pattern PANEL =
            Pattern.compile("\"(?:expr|definition)\": \"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern METRIC =
            Pattern.compile("\\b(?:leat|jvm|process|system)_[a-z0-9_]+\\b");
    private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern MATCHER = Pattern.compile("\\b([a-z_]+)\\s*(?:=~|!=|!~|=)\\s*\"");

    /**
     * @param ops the folder ops of the project
     */
    static MonitoringFiles read(Path ops) throws IOException {
        List<String> queries = new ArrayList<>();
        collect(queries, RULE, ops.resolve("prometheus/leat.rules.yml"));
        collect(queries, PANEL, ops.resolve("grafana/dashboards/leat.json"));
        return new MonitoringFiles(List.copyOf(queries));
    }

    private static void collect(List<String> queries, Pattern pattern, Path file)
            throws IOException {
        int before = queries.size();
        Matcher matcher = pattern.matcher(Files.readString(file));
        while (matcher.find()) {
            queries.add(matcher.group(1).replace("\\\"", "\""));
        }
        if (queries.size() < before + 5) {
            throw new AssertionError("hardly a query found in " + file);
        }
    }

    /** Every metric that is asked for. */
    Set<String> metrics() {
        Set<String> metrics = new TreeSet<>();
        for (String query : queries) {
            Matcher matcher = METRIC.matcher(query);
            while (matcher.find()) {
                metrics.add(matcher.group());
            }
        }
        return metrics;
    }

    /** Every label that is grouped or matched by, but for those that Prometheus adds. */
    Set<String> labels() {
        Set<String> labels = new TreeSet<>();
        for (String query : queries) {
            Matcher grouping = GROUPING.matcher(query);
            while (grouping.find()) {
                labels.addAll(List.of(grouping.group(1).split("\\s*,\\s*")));
            }
            Matcher matcher = MATCHER.matcher(query);
            while (matcher.find()) {
                labels.add(matcher.group(1));
            }
        }
        labels.removeAll(Set.of("instance", "job"));
        return labels;
    }
}
