package io.leat.broker.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many files the system lets this process open; every connection is one of them. */
final class OpenFiles {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern LINE = Pattern.compile("(?m)^Max open files\\s+(\\d{1,9})\\s");

    private OpenFiles() {}

    /** The limit that holds now; empty where there is none, or the system does not tell it here. */
    static OptionalInt max() {
        try {
            return Files.isReadable(LIMITS) ? max(Files.readString(LIMITS)) : OptionalInt.empty();
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    static OptionalInt max(String limits) {
        Matcher matcher = LINE.matcher(limits);
        return matcher.find()
                ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
                : OptionalInt.empty();
    }
}
