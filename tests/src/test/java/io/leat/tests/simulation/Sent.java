package io.leat.tests.simulation;

import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.AppendOutcome.Duplicate;
import io.leat.storage.api.Durability;
import io.leat.wire.record.Compression;
import io.leat.wire.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A batch that a producer sent, perhaps more than once, and what it was answered last. */
final class Sent {
    /** A record as its producer made it; every value is sent once only. */
    record Made(long timestampMillis, @Nullable String key, String value) {
        /** What tells the value from all others. */
        String name() {
            return value.replace("-", "");
        }
    }

    final SimulatedProducer producer;
    final short epoch;
    final int sequence;
    final List<Made> records;
    final @Nullable Transaction transaction;
    final Durability durability;
    private final Compression compression;
    private @Nullable CompletableFuture<AppendOutcome> answer;

    Sent(
            SimulatedProducer producer,
            int sequence,
            List<Made> records,
            @Nullable Transaction transaction,
            Durability durability,
            Compression compression) {
        this.producer = producer;
        this.epoch = producer.epoch;
        this.sequence = sequence;
        this.records = List.copyOf(records);
        this.transaction = transaction;
        this.durability = durability;
        this.compression = compression;
    }

    /** Its bytes; always the same. */
    ByteBuffer batch() {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(256).compression(compression);
        if (producer.kind != SimulatedProducer.Kind.PLAIN) {
            builder.producer(producer.id, epoch, sequence);
        }
        if (transaction != null) {
            builder.transactional();
        }
        for (Made record : records) {
            builder.append(record.timestampMillis, bytes(record.key), bytes(record.value));
        }
        return builder.build();
    }

    static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    void sent(CompletableFuture<AppendOutcome> future) {
        answer = future;
    }

    CompletableFuture<AppendOutcome> answer() {
        CompletableFuture<AppendOutcome> sent = answer;
        if (sent == null) {
            throw new AssertionError("never sent: " + this);
        }
        return sent;
    }

    /** Whether it was answered, and with an error. */
    boolean refused() {
        return answer().isDone() && answer().join() instanceof AppendOutcome.Refused;
    }

    /** Where it is in the log, as far as it was told. */
    OptionalLong baseOffset() {
        if (!answer().isDone()) {
            return OptionalLong.empty();
        }
        return switch (answer().join()) {
            case Appended appended -> OptionalLong.of(appended.baseOffset());
            case Duplicate duplicate -> OptionalLong.of(duplicate.baseOffset());
            case AppendOutcome.Refused refused -> OptionalLong.empty();
        };
    }

    @Override
    public String toString() {
        return "%s epoch %d sequence %d %s%s"
                .formatted(
                        producer,
                        epoch,
                        sequence,
                        records.stream().map(Made::name).toList(),
                        answer == null || !answer.isDone() ? "" : " -> " + answer.join());
    }
}
