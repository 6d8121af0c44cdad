package io.leat.cli.terminal;

import java.util.Locale;

/** How results are printed. */
public enum OutputFormat {
    /**
     * For people: aligned columns on a terminal, tab-separated lines without a header elsewhere.
     */
    TABLE,
    /** For programs. */
    JSON;

    /** The word on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
