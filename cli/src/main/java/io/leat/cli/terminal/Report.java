package io.leat.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/** Single facts about one thing, and tables of its parts; one object in JSON. */
public final class Report {
    private final List<Fact> facts = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();

    /** Adds a fact. */
    public Report fact(String header, String key, Object value) {
        facts.add(new Fact(header, key, value));
        return this;
    }

    /** Adds a table. */
    public Report table(String header, String key, Table<?> table) {
        parts.add(new Part(header, key, table));
        return this;
    }

    List<Fact> facts() {
        return facts;
    }

    List<Part> parts() {
        return parts;
    }

    record Fact(String header, String key, Object value) {}

    record Part(String header, String key, Table<?> table) {}
}
