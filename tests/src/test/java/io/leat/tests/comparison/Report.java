package io.leat.tests.comparison;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.leat.tests.comparison.Workload.Contestant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The results as a table, as JSON and as a chart. Ratios are of medians; a run's own values are in
 * the JSON.
 *
 * @param machine one line that says where this was measured
 * @param pairs how often each was to run
 * @param scale what all numbers of records and seconds were multiplied by
 */
record Report(String machine, int pairs, double scale, List<Result> results) {
    private static final int BAR_HEIGHT = 16;
    private static final int LABEL_WIDTH = 430;
    private static final int PLOT_WIDTH = 420;
    private static final double RATIO_MAX = 16;

    /** A line of the table: a metric of a workload, of ours against one other. */
    private record Row(Workload workload, Metric metric, String other, double theirs, double ours) {
        double ratio() {
            return ours / theirs;
        }

        /** The goal, if this row has one; with several others it is held against the first. */
        Optional<Goal> goal() {
            if (!workload.contestants().getFirst().label().equals(other)) {
                return Optional.empty();
            }
            return workload.goals().stream().filter(g -> g.metric() == metric).findFirst();
        }

        String verdict() {
            return goal().map(goal -> goal.text() + (goal.met(ratio()) ? ", met" : ", NOT MET"))
                    .orElse("");
        }
    }

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Result result : results) {
            List<Contestant> all = result.workload().contestants();
            for (Metric metric : result.metrics()) {
                for (Contestant other : all.subList(0, all.size() - 1)) {
                    OptionalDouble theirs = result.median(other.label(), metric);
                    OptionalDouble ours = result.median(all.getLast().label(), metric);
                    if (theirs.isPresent() && ours.isPresent()) {
                        rows.add(
                                new Row(
                                        result.workload(),
                                        metric,
                                        other.label(),
                                        theirs.getAsDouble(),
                                        ours.getAsDouble()));
                    }
                }
            }
        }
        return rows;
    }

    private String extent() {
        String runs = pairs == 1 ? "one run" : "medians of " + pairs + " runs";
        return scale == 1
                ? runs + " each"
                : "%s each, with %s times the records and seconds".formatted(runs, scale);
    }

    /** For people, in plain text. */
    String table() {
        StringBuilder out = new StringBuilder(machine).append('\n').append(extent()).append('\n');
        String last = "";
        for (Row row : rows()) {
            Workload workload = row.workload();
            if (!workload.name().equals(last)) {
                last = workload.name();
                out.append('\n').append(last).append(": ").append(workload.title()).append('\n');
            }
            out.append(
                    String.format(
                                    Locale.ROOT,
                                    "  %-30s %-22s %10s  Leat %10s %-10s %8s  %s",
                                    row.metric().label(),
                                    row.other(),
                                    Numbers.value(row.theirs()),
                                    Numbers.value(row.ours()),
                                    row.metric().unit(),
                                    Numbers.ratio(row.ratio()),
                                    row.verdict())
                            .stripTrailing());
            out.append('\n');
        }
        return out.toString();
    }

    /** Writes {@code compare.json} and {@code compare.svg} into a folder, and says where. */
    List<Path> write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path json = folder.resolve("compare.json");
        Path svg = folder.resolve("compare.svg");
        Path text = folder.resolve("compare.txt");
        Files.writeString(text, table());
        Files.writeString(svg, chart());
        try (JsonGenerator out = new JsonFactory().createGenerator(Files.newBufferedWriter(json))) {
            out.useDefaultPrettyPrinter();
            write(out);
        }
        return List.of(text, json, svg);
    }

    private void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("machine", machine);
        out.writeNumberField("pairs", pairs);
        out.writeNumberField("scale", scale);
        out.writeArrayFieldStart("workloads");
        for (Result result : results) {
            out.writeStartObject();
            out.writeStringField("name", result.workload().name());
            out.writeStringField("title", result.workload().title());
            out.writeObjectFieldStart("runs");
            for (Contestant each : result.workload().contestants()) {
                out.writeObjectFieldStart(each.label());
                for (Metric metric : result.metrics()) {
                    out.writeArrayFieldStart(metric.label() + " (" + metric.unit() + ")");
                    for (double value : result.runs(each.label(), metric)) {
                        out.writeNumber(value);
                    }
                    out.writeEndArray();
                }
                out.writeEndObject();
            }
            out.writeEndObject();
            out.writeArrayFieldStart("medians");
            for (Row row : rows()) {
                if (row.workload().equals(result.workload())) {
                    write(out, row);
                }
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Row row) throws IOException {
        out.writeStartObject();
        out.writeStringField("metric", row.metric().label());
        out.writeStringField("unit", row.metric().unit());
        out.writeStringField("against", row.other());
        out.writeNumberField("theirs", row.theirs());
        out.writeNumberField("ours", row.ours());
        out.writeNumberField("ratio", row.ratio());
        out.writeEndObject();
    }

    /** Bars of the ratios on a logarithmic axis: what is better for Leat goes to the right. */
    String chart() {
        List<Row> rows = rows();
        int height = 70 + rows.size() * (BAR_HEIGHT + 6);
        int zero = LABEL_WIDTH + PLOT_WIDTH / 2;
        StringBuilder svg = new StringBuilder();
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                            + " font-family=\"sans-serif\" font-size=\"12\">%n<rect width=\"100%%\""
                            + " height=\"100%%\" fill=\"white\"/>%n<text x=\"10\" y=\"20\""
                            + " font-size=\"14\">Leat against Apache Kafka (to the right: Leat is"
                            + " better)</text>%n<text x=\"10\" y=\"38\" fill=\"#666\">%s</text>%n",
                        LABEL_WIDTH + PLOT_WIDTH + 90,
                        height,
                        escape(machine + "; " + extent())));
        int y = 55;
        for (Row row : rows) {
            double better = row.metric().moreIsBetter() ? row.ratio() : 1 / row.ratio();
            double width =
                    Math.log(Math.clamp(better, 1 / RATIO_MAX, RATIO_MAX))
                            / Math.log(RATIO_MAX)
                            * PLOT_WIDTH
                            / 2;
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<text x=\"10\" y=\"%d\">%s</text>"
                                    + "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\""
                                    + " fill=\"%s\"/>"
                                    + "<text x=\"%d\" y=\"%d\">%s</text>%n",
                            y + 12,
                            escape(label(row)),
                            Math.min(zero, zero + width),
                            y,
                            Math.abs(width),
                            BAR_HEIGHT,
                            better >= 1 ? "#2a7f62" : "#b5483a",
                            LABEL_WIDTH + PLOT_WIDTH + 10,
                            y + 12,
                            Numbers.ratio(row.ratio())));
            y += BAR_HEIGHT + 6;
        }
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<line x1=\"%d\" y1=\"48\" x2=\"%d\" y2=\"%d\" stroke=\"#333\"/>%n</svg>%n",
                        zero,
                        zero,
                        y));
        return svg.toString();
    }

    private static String label(Row row) {
        String other = row.other().equals("Kafka") ? "" : " (" + row.other() + ")";
        return row.workload().name() + ": " + row.metric().label() + other;
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
