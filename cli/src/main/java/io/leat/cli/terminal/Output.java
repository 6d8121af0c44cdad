package io.leat.cli.terminal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Prints results in the format that was asked for. */
public final class Output {
    private final Terminal terminal;
    private final OutputFormat format;

    public Output(Terminal terminal, OutputFormat format) {
        this.terminal = terminal;
        this.format = format;
    }

    /** Prints a table; an array of objects in JSON. */
    public void show(Table<?> table) {
        if (format == OutputFormat.JSON) {
            json(generator -> writeRows(generator, table));
        } else {
            print(table);
        }
    }

    /** Prints a report; an object in JSON. */
    public void show(Report report) {
        if (format == OutputFormat.JSON) {
            json(generator -> writeReport(generator, report));
            return;
        }
        print(facts(report));
        for (Report.Part part : report.parts()) {
            terminal.line("");
            terminal.line(heading(part.header()));
            print(part.table());
        }
    }

    /** Says that something was done: one line for people, an object in JSON. */
    public void done(String sentence, Report report) {
        if (format == OutputFormat.JSON) {
            show(report);
        } else {
            terminal.line(sentence);
        }
    }

    private static Table<Report.Fact> facts(Report report) {
        return Table.of(report.facts())
                .text("", "name", Report.Fact::header)
                .text("", "value", Report.Fact::value);
    }

    private String heading(String text) {
        return terminal.hasColours() ? "\033[1m" + text + "\033[0m" : text;
    }

    private <T> void print(Table<T> table) {
        if (terminal.outIsTerminal()) {
            printAligned(table);
            return;
        }
        for (T row : table.rows()) {
            terminal.line(
                    table.columns().stream()
                            .map(column -> text(column.value().apply(row)))
                            .collect(Collectors.joining("\t")));
        }
    }

    private <T> void printAligned(Table<T> table) {
        List<ColumnData<T>> columns = new ArrayList<>();
        boolean headed = false;
        for (Table.Column<T> column : table.columns()) {
            headed |= !column.header().isEmpty();
            HorizontalAlign align = column.number() ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT;
            columns.add(
                    new Column()
                            .header(column.header())
                            .headerAlign(align)
                            .dataAlign(align)
                            .maxWidth(200)
                            .with(row -> text(column.value().apply(row))));
        }
        String drawn =
                AsciiTable.builder()
                        .border(AsciiTable.NO_BORDERS)
                        .data(table.rows(), columns)
                        .asString();
        boolean first = headed;
        for (String line : drawn.split("\n", -1)) {
            String stripped = line.stripTrailing();
            if (!stripped.isEmpty()) {
                String aligned = stripped.startsWith(" ") ? stripped.substring(1) : stripped;
                terminal.line(first ? heading(aligned) : aligned);
                first = false;
            }
        }
    }

    private static String text(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.map(Output::text).orElse("-");
            case List<?> list ->
                    list.isEmpty()
                            ? "-"
                            : list.stream().map(Output::text).collect(Collectors.joining(","));
            default -> value.toString();
        };
    }

    private void json(Json.Content content) {
        terminal.line(Json.text(content));
    }

    private static void writeReport(JsonGenerator json, Report report) throws IOException {
        json.writeStartObject();
        for (Report.Fact fact : report.facts()) {
            json.writeFieldName(fact.key());
            Json.writeValue(json, fact.value());
        }
        for (Report.Part part : report.parts()) {
            json.writeFieldName(part.key());
            writeRows(json, part.table());
        }
        json.writeEndObject();
    }

    private static <T> void writeRows(JsonGenerator json, Table<T> table) throws IOException {
        json.writeStartArray();
        for (T row : table.rows()) {
            json.writeStartObject();
            for (Table.Column<T> column : table.columns()) {
                json.writeFieldName(column.key());
                Json.writeValue(json, column.value().apply(row));
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
