package io.leat.tests.streams;

import io.leat.tests.harness.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreTypes;

/** Instances in this process of an application that counts the words of topic {@code lines}. */
final class CountingApplication {
    static final String GROUP = "words";
    static final String STORE = "counts";
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final String bootstrap;
    private final Admin admin;
    private final Path folder;
    private final List<KafkaStreams> instances = new ArrayList<>();

    /**
     * @param folder for the state of the instances
     */
    CountingApplication(String bootstrap, Admin admin, Path folder) {
        this.bootstrap = bootstrap;
        this.admin = admin;
        this.folder = folder;
    }

    KafkaStreams start(int port) {
        return start(port, "streams");
    }

    /**
     * Starts an instance.
     *
     * @param port by which it is known; nothing listens there
     */
    KafkaStreams start(int port, String protocol) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, GROUP);
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        config.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("" + port).toString());
        config.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, protocol);
        config.put(StreamsConfig.APPLICATION_SERVER_CONFIG, "localhost:" + port);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream("lines", Consumed.with(Serdes.String(), Serdes.String()))
                .groupBy((key, word) -> word, Grouped.with(Serdes.String(), Serdes.String()))
                .count(
                        Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as(STORE)
                                .withKeySerde(Serdes.String())
                                .withValueSerde(Serdes.Long()));
        KafkaStreams streams = new KafkaStreams(builder.build(), config);
        instances.add(streams);
        streams.start();
        return streams;
    }

    /** The group; empty before the first member has come. */
    Optional<StreamsGroupDescription> describe() {
        try {
            return Optional.of(admin.describeStreamsGroups(List.of(GROUP)).all().get().get(GROUP));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Optional.empty();
            }
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    StreamsGroupDescription awaitStable(int members) {
        return await(GroupState.STABLE, members);
    }

    private StreamsGroupDescription await(GroupState state, int members) {
        AtomicReference<Optional<StreamsGroupDescription>> seen =
                new AtomicReference<>(Optional.empty());
        Await.until(
                () -> "a group of " + members + ", " + state + ", not " + seen.get(),
                LIMIT,
                () -> {
                    seen.set(describe());
                    return seen.get()
                            .filter(group -> group.groupState() == state)
                            .filter(group -> group.members().size() == members)
                            .isPresent();
                });
        return seen.get().orElseThrow();
    }

    /** Waits until an instance, which has all tasks, has counted a word so often. */
    static void awaitCount(KafkaStreams instance, String word, long expected) {
        AtomicReference<Optional<Long>> seen = new AtomicReference<>(Optional.empty());
        Await.until(
                () -> expected + " times " + word + ", not " + seen.get(),
                LIMIT,
                () -> {
                    seen.set(count(instance, word));
                    return seen.get().equals(Optional.of(expected));
                });
    }

    private static Optional<Long> count(KafkaStreams instance, String word) {
        try {
            Long count =
                    instance.store(
                                    StoreQueryParameters.fromNameAndType(
                                            STORE,
                                            QueryableStoreTypes.<String, Long>keyValueStore()))
                            .get(word);
            return Optional.of(count == null ? 0L : count);
        } catch (InvalidStateStoreException e) {
            return Optional.empty(); // it is on its way to its tasks
        }
    }

    static void stop(KafkaStreams instance, GroupMembershipOperation how) {
        instance.close(
                CloseOptions.groupMembershipOperation(how).withTimeout(Duration.ofSeconds(20)));
    }

    /** All instances stop and leave. */
    void leave() {
        instances.forEach(instance -> stop(instance, GroupMembershipOperation.LEAVE_GROUP));
    }

    void awaitEmpty() {
        await(GroupState.EMPTY, 0);
    }
}
