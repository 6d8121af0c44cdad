package io.leat.cli.demo;

import io.leat.cli.command.CommandFailure;
import io.leat.client.ConnectionOptions;
import io.leat.client.Consumer;
import io.leat.client.ConsumerOptions;
import io.leat.client.ConsumerRecord;
import io.leat.client.OffsetReset;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A group of members, each on its own thread, that read a topic's flights into one model. */
final class FlightReaders implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SESSION = Duration.ofSeconds(10);
    private static final Duration HEARTBEAT = Duration.ofMillis(250);

    private final ConsumerOptions settings;
    private final String topic;
    private final AirportDelays model;
    private final List<Member> members;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean closing;
    private volatile @Nullable RuntimeException failure;

    private FlightReaders(
            ConnectionOptions connection,
            String groupId,
            String topic,
            AirportDelays model,
            int memberCount) {
        this.settings =
                ConsumerOptions.builder(connection)
                        .groupId(groupId)
                        .offsetReset(OffsetReset.EARLIEST)
                        .sessionTimeout(SESSION)
                        .heartbeatInterval(HEARTBEAT)
                        .build();
        this.topic = topic;
        this.model = model;
        this.members =
                IntStream.rangeClosed(1, memberCount)
                        .mapToObj(number -> new Member(number))
                        .toList();
    }

    /** Starts the members. They begin at the first record that the group has not read. */
    static FlightReaders start(
            ConnectionOptions connection,
            String groupId,
            String topic,
            AirportDelays model,
            int memberCount) {
        FlightReaders readers = new FlightReaders(connection, groupId, topic, model, memberCount);
        readers.members.forEach(Member::start);
        return readers;
    }

    /** What each member has done. */
    List<Share> shares() {
        return members.stream().map(Member::share).toList();
    }

    /** Whether each member owns a partition. */
    boolean allOwnSome() {
        return members.stream().noneMatch(member -> member.share().partitions().isEmpty());
    }

    /**
     * Waits until something is so, looking again whenever a member has read.
     *
     * @param step called before each look
     * @param stalled how long to wait without any new flight
     * @throws CommandFailure if nothing came for so long
     * @throws RuntimeException what made a member fail
     */
    void await(BooleanSupplier condition, Runnable step, Duration stalled) {
        long flights = model.flights();
        long since = System.nanoTime();
        lock.lock();
        try {
            step.run();
            while (!condition.getAsBoolean()) {
                RuntimeException failed = failure;
                if (failed != null) {
                    throw failed;
                }
                if (model.flights() != flights) {
                    flights = model.flights();
                    since = System.nanoTime();
                } else if (System.nanoTime() - since > stalled.toNanos()) {
                    throw new CommandFailure(
                            "Nothing more came for %d s; %,d flights had been read"
                                    .formatted(stalled.toSeconds(), flights));
                }
                var _ = changed.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
                step.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("Interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    private void tell() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Commits, and lets the members leave their group. */
    @Override
    public void close() {
        closing = true;
        for (Member member : members) {
            member.join();
        }
    }

    /**
     * A member's part of the work.
     *
     * @param member its number
     * @param partitions which it owns, by number
     * @param flights how many it has read
     */
    record Share(int member, List<Integer> partitions, long flights) {}

    private final class Member {
        private final Thread thread;
        private volatile Share share;

        Member(int number) {
            this.share = new Share(number, List.of(), 0);
            this.thread = Thread.ofPlatform().name("leat-demo-" + number).unstarted(this::run);
        }

        void start() {
            thread.start();
        }

        Share share() {
            return share;
        }

        private void run() {
            try (Consumer<byte[], byte[]> consumer = Consumer.connect(settings)) {
                consumer.subscribe(List.of(topic));
                while (!closing) {
                    long fresh = apply(consumer.poll(POLL));
                    share =
                            new Share(
                                    share.member(),
                                    consumer.assignment().stream()
                                            .map(each -> each.partition())
                                            .sorted()
                                            .toList(),
                                    share.flights() + fresh);
                    tell();
                }
            } catch (RuntimeException e) {
                failure = e;
                tell();
            }
        }

        private long apply(List<ConsumerRecord<byte[], byte[]>> records) {
            long fresh = 0;
            for (ConsumerRecord<byte[], byte[]> record : records) {
                byte[] value = record.value();
                if (value != null
                        && model.apply(record.partition(), record.offset(), Flight.parse(value))) {
                    fresh++;
                }
            }
            return fresh;
        }

        void join() {
            try {
                thread.join(SESSION.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
