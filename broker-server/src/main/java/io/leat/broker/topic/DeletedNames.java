package io.leat.broker.topic;

import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The names of topics that were deleted and not made again: a client that still asks for one does
 * not bring it back. The last {@value #COUNT_MAX} are remembered, in the state store.
 *
 * <pre>
 * key    "deleted-name/" name(UTF-8)
 * value  when(8, ms since the epoch)
 * </pre>
 *
 * Reading is for any thread, the rest for the one that changes the catalog.
 */
final class DeletedNames {
    private static final int COUNT_MAX = 10_000;
    private static final byte[] PREFIX = "deleted-name/".getBytes(StandardCharsets.US_ASCII);

    private final StateStore state;
    private final Map<String, Long> millisByName = new ConcurrentSkipListMap<>();

    DeletedNames(StateStore state) {
        this.state = state;
    }

    void load() {
        state.scan(
                PREFIX,
                (key, value) -> {
                    String name =
                            new String(
                                    key,
                                    PREFIX.length,
                                    key.length - PREFIX.length,
                                    StandardCharsets.UTF_8);
                    millisByName.put(
                            name, value.length == 8 ? ByteBuffer.wrap(value).getLong() : 0);
                });
    }

    boolean contains(String name) {
        return millisByName.containsKey(name);
    }

    /** What is to be written together with the deletion of {@code name}. */
    List<Write> writesOnDelete(String name, long nowMillis) {
        List<Write> writes = new ArrayList<>(2);
        byte[] when = ByteBuffer.allocate(8).putLong(nowMillis).array();
        writes.add(new Write.Put(key(name), when));
        if (millisByName.size() >= COUNT_MAX) {
            writes.add(new Write.Delete(key(oldest())));
        }
        return writes;
    }

    /** The deletion of {@code name} is written. */
    void deleted(String name, long nowMillis) {
        if (millisByName.size() >= COUNT_MAX) {
            millisByName.remove(oldest());
        }
        millisByName.put(name, nowMillis);
    }

    /** What is to be written together with the creation of {@code name}. */
    List<Write> writesOnCreate(String name) {
        return contains(name) ? List.of(new Write.Delete(key(name))) : List.of();
    }

    /** The creation of {@code name} is written. */
    void created(String name) {
        millisByName.remove(name);
    }

    private String oldest() {
        return millisByName.entrySet().stream()
                .min(Comparator.comparingLong(Map.Entry::getValue))
                .map(Map.Entry::getKey)
                .orElseThrow();
    }

    private static byte[] key(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(PREFIX.length + text.length).put(PREFIX).put(text).array();
    }
}
