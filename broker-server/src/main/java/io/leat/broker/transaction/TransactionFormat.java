package io.leat.broker.transaction;

import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * How transactional ids lie in the state store, one entry each. Numbers are big-endian; a string
 * stands behind its int32 length.
 *
 * <pre>
 *   key    "transaction/" | transactional id, to the end
 *   value  version int8 = 1
 *          producer id int64 | epoch int32 | previous id int64 | previous epoch int32
 *          timeout ms int32 | updated int64
 *          phase int8 (0 empty, 1 ongoing, 2 ending, 3 ended)
 *          ending, ended:    committed int8
 *          ending:           next producer id int64 (-1 none)
 *          ongoing, ending:  started int64
 *                            partitions int32, each: topic id 16 bytes | partition int32
 *                                                    | topic name string
 *                            groups int32, each: group id string
 * </pre>
 *
 * An ending is written once: its participants that know already are told again after a crash.
 */
final class TransactionFormat {
    private static final byte[] PREFIX = "transaction/".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final byte EMPTY = 0;
    private static final byte ONGOING = 1;
    private static final byte ENDING = 2;
    private static final byte ENDED = 3;

    private TransactionFormat() {}

    static Write put(String transactionalId, TransactionalProducer producer) {
        StateOutput out =
                new StateOutput()
                        .int8(VERSION)
                        .int64(producer.id())
                        .int32(producer.epoch())
                        .int64(producer.previousId())
                        .int32(producer.previousEpoch())
                        .int32(producer.timeoutMillis())
                        .int64(producer.updatedMillis());
        switch (producer.phase()) {
            case Phase.Empty empty -> out.int8(EMPTY);
            case Phase.Ongoing ongoing ->
                    write(out.int8(ONGOING), ongoing.startMillis(), ongoing.participants());
            case Phase.Ending ending ->
                    write(
                            out.int8(ENDING)
                                    .int8(ending.committed() ? 1 : 0)
                                    .int64(ending.nextProducerId().orElse(-1)),
                            ending.startMillis(),
                            ending.left());
            case Phase.Ended ended -> out.int8(ENDED).int8(ended.committed() ? 1 : 0);
        }
        return new Write.Put(key(transactionalId), out.toBytes());
    }

    private static void write(StateOutput out, long startMillis, Participants participants) {
        out.int64(startMillis).int32(participants.places().size());
        for (Place place : participants.places()) {
            out.int64(place.topicId().getMostSignificantBits())
                    .int64(place.topicId().getLeastSignificantBits())
                    .int32(place.partition())
                    .string(place.topic());
        }
        out.int32(participants.groups().size());
        participants.groups().forEach(out::string);
    }

    static Write delete(String transactionalId) {
        return new Write.Delete(key(transactionalId));
    }

    /** Reads every transactional id. */
    static void load(StateStore store, BiConsumer<String, TransactionalProducer> loaded) {
        store.scan(
                PREFIX,
                (key, value) -> {
                    String id =
                            new String(
                                    key,
                                    PREFIX.length,
                                    key.length - PREFIX.length,
                                    StandardCharsets.UTF_8);
                    StateInput in = new StateInput("transactional id " + id, value);
                    TransactionalProducer producer = read(in);
                    in.end();
                    loaded.accept(id, producer);
                });
    }

    private static TransactionalProducer read(StateInput in) {
        in.version(VERSION);
        long id = in.int64();
        short epoch = (short) in.int32();
        long previousId = in.int64();
        short previousEpoch = (short) in.int32();
        int timeoutMillis = in.int32();
        long updatedMillis = in.int64();
        if (id < 0 || epoch < 0) {
            throw in.damaged();
        }
        return new TransactionalProducer(
                id, epoch, previousId, previousEpoch, timeoutMillis, phase(in), updatedMillis);
    }

    private static Phase phase(StateInput in) {
        byte phase = in.int8();
        return switch (phase) {
            case EMPTY -> new Phase.Empty();
            case ONGOING -> new Phase.Ongoing(in.int64(), participants(in));
            case ENDING -> ending(in);
            case ENDED -> new Phase.Ended(in.int8() != 0);
            default -> throw in.damaged();
        };
    }

    private static Phase ending(StateInput in) {
        boolean committed = in.int8() != 0;
        long nextId = in.int64();
        long startMillis = in.int64();
        return new Phase.Ending(
                committed,
                startMillis,
                participants(in),
                nextId < 0 ? OptionalLong.empty() : OptionalLong.of(nextId),
                0,
                Optional.empty());
    }

    private static Participants participants(StateInput in) {
        Set<Place> places = new HashSet<>();
        for (int i = in.count(); i > 0; i--) {
            UUID topicId = new UUID(in.int64(), in.int64());
            int partition = in.int32();
            places.add(new Place(topicId, in.string(), partition));
        }
        Set<String> groups = new HashSet<>();
        for (int i = in.count(); i > 0; i--) {
            groups.add(in.string());
        }
        return new Participants(places, groups);
    }

    private static byte[] key(String transactionalId) {
        return new StateOutput()
                .raw(PREFIX)
                .raw(transactionalId.getBytes(StandardCharsets.UTF_8))
                .toBytes();
    }
}
