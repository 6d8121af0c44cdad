package io.leat.broker.transaction;

import io.leat.broker.api.ApiRegistry;
import io.leat.broker.api.ProducerIds;
import io.leat.broker.api.TransactionGate;
import io.leat.broker.coordinator.CoordinatorLoop;
import io.leat.broker.coordinator.Ledger;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.coordinator.Time;
import io.leat.broker.coordinator.Unavailable;
import io.leat.broker.group.GroupInTransaction;
import io.leat.broker.group.Groups;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.transaction.TransactionCommand.Identity;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.AddOffsetsToTxnRequest;
import io.leat.wire.message.AddOffsetsToTxnResponse;
import io.leat.wire.message.AddPartitionsToTxnRequest;
import io.leat.wire.message.AddPartitionsToTxnResponse;
import io.leat.wire.message.DescribeProducersRequest;
import io.leat.wire.message.DescribeProducersResponse;
import io.leat.wire.message.DescribeTransactionsRequest;
import io.leat.wire.message.DescribeTransactionsResponse;
import io.leat.wire.message.EndTxnRequest;
import io.leat.wire.message.EndTxnResponse;
import io.leat.wire.message.InitProducerIdRequest;
import io.leat.wire.message.InitProducerIdResponse;
import io.leat.wire.message.ListTransactionsRequest;
import io.leat.wire.message.ListTransactionsResponse;
import io.leat.wire.message.WriteTxnMarkersRequest;
import io.leat.wire.message.WriteTxnMarkersResponse;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The broker's transactions. Any thread may use it; nothing in it blocks. */
public final class Transactions implements GroupInTransaction {
    private static final Executor LATER =
            CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS);

    private final Ledger<String, TransactionalProducer, TransactionCommand> ledger;
    private final TransactionConfig config;
    private final Executor later;
    private final Time time;
    private final ProduceGate gate;

    /**
     * Loads all transactional ids into {@code loop}, which must not have started yet.
     *
     * @param ends hears of ends in partitions
     * @throws io.leat.storage.api.StorageException when they cannot be read
     */
    public Transactions(
            CoordinatorLoop loop,
            TransactionConfig config,
            TopicCatalog topics,
            Groups groups,
            PartitionEnds ends,
            Time time,
            MeterRegistry meters) {
        this(loop, config, new LogWitnesses(topics, groups, ends, time), LATER, time, meters);
    }

    /**
     * As above, with other witnesses.
     *
     * @param later runs what is to be tried again, after a while
     */
    Transactions(
            CoordinatorLoop loop,
            TransactionConfig config,
            Witnesses witnesses,
            Executor later,
            Time time,
            MeterRegistry meters) {
        this.config = config;
        this.later = later;
        this.time = time;
        this.gate = new ProduceGate(new LedgerBook());
        this.ledger =
                loop.host(
                        new TransactionCoordinator(config, time.wallMillis()),
                        new Ends(witnesses, gate::close, this::told));
        Gauge.builder("leat.transactional.ids", ledger, Ledger::size)
                .description("Transactional ids that are known")
                .register(meters);
        Gauge.builder("leat.transactions.open", this, Transactions::openCount)
                .description("Transactions that are open or ending")
                .register(meters);
    }

    /** Where transactional batches come in. */
    public TransactionGate gate() {
        return gate;
    }

    /** Serves the transaction APIs. */
    public void register(
            ApiRegistry registry, TopicCatalog topics, ProducerIds ids, PartitionEnds ends) {
        registry.add(
                        ApiKey.INIT_PRODUCER_ID,
                        InitProducerIdRequest.class,
                        InitProducerIdResponse.class,
                        new InitProducerIdHandler(this, ids))
                .add(
                        ApiKey.ADD_PARTITIONS_TO_TXN,
                        AddPartitionsToTxnRequest.class,
                        AddPartitionsToTxnResponse.class,
                        new AddPartitionsToTxnHandler(this, topics))
                .add(
                        ApiKey.ADD_OFFSETS_TO_TXN,
                        AddOffsetsToTxnRequest.class,
                        AddOffsetsToTxnResponse.class,
                        new AddOffsetsToTxnHandler(this))
                .add(
                        ApiKey.END_TXN,
                        EndTxnRequest.class,
                        EndTxnResponse.class,
                        new EndTxnHandler(this, ids))
                .add(
                        ApiKey.WRITE_TXN_MARKERS,
                        WriteTxnMarkersRequest.class,
                        WriteTxnMarkersResponse.class,
                        new WriteTxnMarkersHandler(topics, time, gate::close, ends))
                .add(
                        ApiKey.DESCRIBE_PRODUCERS,
                        DescribeProducersRequest.class,
                        DescribeProducersResponse.class,
                        new DescribeProducersHandler(topics))
                .add(
                        ApiKey.DESCRIBE_TRANSACTIONS,
                        DescribeTransactionsRequest.class,
                        DescribeTransactionsResponse.class,
                        new DescribeTransactionsHandler(this))
                .add(
                        ApiKey.LIST_TRANSACTIONS,
                        ListTransactionsRequest.class,
                        ListTransactionsResponse.class,
                        new ListTransactionsHandler(this));
    }

    /** How many transactions are open or ending. */
    public int openCount() {
        int[] count = {0};
        ledger.forEach((id, producer) -> {
            if (producer.phase().began().isPresent()) {
                count[0]++;
            }
        });
        return count[0];
    }

    TransactionConfig config() {
        return config;
    }

    long nowMillis() {
        return time.wallMillis();
    }

    Optional<TransactionalProducer> find(String transactionalId) {
        return ledger.get(transactionalId);
    }

    void forEach(BiConsumer<String, TransactionalProducer> visitor) {
        ledger.forEach(visitor);
    }

    /**
     * Asks for a change.
     *
     * @param failed the reply when there is no decision
     */
    <R> CompletionStage<R> ask(
            String transactionalId,
            Function<ReplyTo<R>, TransactionCommand> command,
            Function<ErrorCode, R> failed) {
        return ledger.ask(transactionalId, command, reason -> failed.apply(error(reason)));
    }

    /** Adds participants to a transaction, durably. */
    CompletionStage<ErrorCode> add(
            String transactionalId, Identity producer, Participants participants) {
        return ask(
                transactionalId,
                to -> new TransactionCommand.Add(producer, participants, to),
                error -> error);
    }

    @Override
    public CompletionStage<ErrorCode> within(
            Asker asker,
            String groupId,
            boolean implicitly,
            Supplier<CompletionStage<ErrorCode>> commit) {
        Identity producer = new Identity(asker.producerId(), asker.producerEpoch());
        Participants group = Participants.group(groupId);
        return ledger.<ErrorCode, ErrorCode>ask(
                asker.transactionalId(),
                to ->
                        implicitly
                                ? new TransactionCommand.Add(producer, group, to)
                                : new TransactionCommand.Verify(producer, group, to),
                Transactions::error,
                error ->
                        error == ErrorCode.NONE
                                ? commit.get()
                                : CompletableFuture.completedFuture(inGroupsWords(error)));
    }

    private static ErrorCode inGroupsWords(ErrorCode error) {
        return switch (error) {
            case PRODUCER_FENCED -> ErrorCode.INVALID_PRODUCER_EPOCH;
            // Worth another try, as all clients know.
            case CONCURRENT_TRANSACTIONS -> ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
            default -> error;
        };
    }

    private static ErrorCode error(Unavailable reason) {
        return switch (reason) {
            // Come again: clients wait a little and ask the same coordinator.
            case OVERLOADED -> ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
            case STORAGE_FAILED -> ErrorCode.COORDINATOR_NOT_AVAILABLE;
            case CLOSED -> ErrorCode.NOT_COORDINATOR;
            case FULL -> ErrorCode.POLICY_VIOLATION;
            case RULE_FAILED -> ErrorCode.UNKNOWN_SERVER_ERROR;
        };
    }

    /** The rules must hear of it, or the transaction would not end before the next start. */
    private void told(String transactionalId, Identity producer, Participants done) {
        var _ =
                this.<ErrorCode>ask(
                                transactionalId,
                                to -> new TransactionCommand.Told(producer, done, to),
                                error -> error)
                        .thenAccept(error -> {
                            if (error != ErrorCode.NONE && error != ErrorCode.NOT_COORDINATOR) {
                                later.execute(() -> told(transactionalId, producer, done));
                            }
                        });
    }

    /** The transactions as the gate sees them. */
    private final class LedgerBook implements ProduceGate.Book {
        @Override
        public Optional<TransactionalProducer> find(String transactionalId) {
            return ledger.get(transactionalId);
        }

        @Override
        public CompletionStage<ErrorCode> add(
                String transactionalId, Identity producer, Participants participants) {
            return Transactions.this.add(transactionalId, producer, participants);
        }
    }
}
