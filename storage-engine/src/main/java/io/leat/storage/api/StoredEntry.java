package io.leat.storage.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * One entry of a file of a data directory: a batch, a record, an index entry.
 *
 * @param kind what it is
 * @param fields texts, perhaps texts ({@link java.util.Optional}), numbers and booleans by name, in
 *     order
 */
public record StoredEntry(String kind, SequencedMap<String, Object> fields) {
    public StoredEntry {
        fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
    }
}
