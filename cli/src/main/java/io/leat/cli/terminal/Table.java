package io.leat.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Rows of one kind and what to show of them. Values are texts, numbers, booleans, lists of them, or
 * empty {@link java.util.Optional}s.
 */
public final class Table<T> {
    private final List<T> rows;
    private final List<Column<T>> columns = new ArrayList<>();

    private Table(List<T> rows) {
        this.rows = List.copyOf(rows);
    }

    public static <T> Table<T> of(List<T> rows) {
        return new Table<>(rows);
    }

    /** Adds a column of texts. */
    public Table<T> text(String header, String key, Function<T, ?> value) {
        columns.add(new Column<>(header, key, false, value));
        return this;
    }

    /** Adds a column of numbers. */
    public Table<T> number(String header, String key, Function<T, ?> value) {
        columns.add(new Column<>(header, key, true, value));
        return this;
    }

    List<T> rows() {
        return rows;
    }

    List<Column<T>> columns() {
        return columns;
    }

    /**
     * A column.
     *
     * @param header its name for people
     * @param key its name in JSON
     * @param number whether it is aligned to the right
     * @param value what it shows of a row
     */
    record Column<T>(String header, String key, boolean number, Function<T, ?> value) {}
}
