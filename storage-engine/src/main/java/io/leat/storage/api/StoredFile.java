package io.leat.storage.api;

import java.util.List;

/**
 * What a look at one file of a data directory has found, while no broker runs on it.
 *
 * @param kind what it is, for people: "segment", "offset index", ...
 * @param path below the data directory
 * @param sizeBytes its size
 * @param content what is in it, for people
 * @param flaws what is wrong with it
 */
public record StoredFile(
        String kind, String path, long sizeBytes, String content, List<Flaw> flaws) {
    public StoredFile {
        flaws = List.copyOf(flaws);
    }

    /**
     * Something that is not as it should be.
     *
     * @param position where in the file, or -1 where that does not matter
     * @param damage whether something is lost; otherwise the next start puts it right
     * @param message what, for people
     */
    public record Flaw(long position, boolean damage, String message) {}
}
