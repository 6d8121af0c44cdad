package io.leat.broker.offline;

import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * A look at the files of a data directory without a broker. Nothing is changed. What cannot be done
 * is a {@link io.leat.broker.config.ConfigException}, one line for people.
 */
public interface OfflineData {
    /**
     * What was found of one file.
     *
     * @param kind what it is, for people
     * @param path below the data directory
     * @param content what is in it, for people
     */
    record FileCheck(String kind, String path, long sizeBytes, String content, List<Flaw> flaws) {
        public FileCheck {
            flaws = List.copyOf(flaws);
        }

        /** Whether something of it is lost. */
        public boolean damaged() {
            return flaws.stream().anyMatch(Flaw::damage);
        }
    }

    /**
     * Something that is not as it should be.
     *
     * @param position where in the file, or -1
     * @param damage whether something is lost; otherwise the next start puts it right
     */
    record Flaw(long position, boolean damage, String message) {}

    /** How many bytes {@link #verify} is going to read. */
    long sizeBytes(Path directory);

    /**
     * Takes the data directory, so that no broker starts on it, and reads all of it.
     *
     * @param found told of each file
     * @param progress told how many bytes were read so far
     */
    void verify(Path directory, Consumer<FileCheck> found, LongConsumer progress);

    /** An entry of a file, by names. */
    interface Entries {
        /**
         * One entry.
         *
         * @param kind what it is
         * @param fields texts, perhaps texts ({@link java.util.Optional}), numbers and booleans
         */
        void entry(String kind, SequencedMap<String, Object> fields);
    }

    /**
     * Shows the entries of one file, which a broker may be writing to.
     *
     * @param records whether those of batches are shown too
     * @return whether all of it made sense
     */
    boolean dump(Path file, boolean records, Entries entries, LongConsumer progress);
}
