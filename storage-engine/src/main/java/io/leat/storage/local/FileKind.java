package io.leat.storage.local;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** What the files of a data directory are, by their names. */
enum FileKind {
    SEGMENT("segment", "\\d{20}\\.log"),
    OFFSET_INDEX("offset index", "\\d{20}\\.index"),
    TIME_INDEX("time index", "\\d{20}\\.timeindex"),
    ABORTED_INDEX("aborted transactions", "\\d{20}\\.txnindex"),
    PRODUCERS("producer snapshot", "\\d{20}\\.producers"),
    SWAP("committed rewrite", "\\d{20}-\\d{20}\\.swap"),
    RENEWED("leftover of a replacement", ".+\\.renewed"),
    CHECKPOINTS("checkpoints", "checkpoints"),
    CHECKPOINTS_NEW("leftover of healing", "checkpoints\\.new"),
    META("meta data", "meta\\.properties"),
    LOCK("lock", "\\.lock"),
    CLEAN("mark of a clean stop", "\\.clean"),
    FORCE_CHECK("force check", "\\.force-check"),
    PROBE("leftover of a probe", "\\.probe|state\\.probe"),
    UNKNOWN("not Leat's", ".*");

    private final String words;
    private final Pattern name;

    FileKind(String words, String name) {
        this.words = words;
        this.name = Pattern.compile(name);
    }

    static FileKind of(Path file) {
        String name = file.getFileName().toString();
        for (FileKind kind : values()) {
            if (kind.name.matcher(name).matches()) {
                return kind;
            }
        }
        return UNKNOWN;
    }

    /** For people. */
    String words() {
        return words;
    }

    /** The offset in the names of those that have one. */
    static long offset(Path file) {
        return Long.parseLong(file.getFileName().toString().substring(0, 20));
    }
}
