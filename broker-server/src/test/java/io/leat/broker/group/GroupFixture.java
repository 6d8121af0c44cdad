package io.leat.broker.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.coordinator.Answer;
import io.leat.broker.coordinator.CoordinatorLoop;
import io.leat.broker.coordinator.Ledger;
import io.leat.broker.coordinator.ManualTime;
import io.leat.broker.coordinator.MemoryStateStore;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.coordinator.Unavailable;
import io.leat.broker.group.classic.Bytes;
import io.leat.broker.group.classic.ClassicCommand;
import io.leat.broker.group.classic.ClassicMembership;
import io.leat.broker.group.classic.JoinOutcome;
import io.leat.broker.group.classic.LeaveOutcome;
import io.leat.broker.group.classic.Member;
import io.leat.broker.group.classic.Protocol;
import io.leat.broker.group.classic.SyncOutcome;
import io.leat.broker.group.member.Client;
import io.leat.broker.group.member.Identity;
import io.leat.broker.group.offset.CommittedOffset;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.broker.group.settings.GroupConfigs;
import io.leat.wire.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One group under the real loop, with a clock and a store of our own. No threads. */
final class GroupFixture {
    static final String GROUP = "the-group";
    static final UUID TOPIC_ID = new UUID(1, 2);
    static final int SESSION = 10_000;
    static final int REBALANCE = 60_000;

    final ManualTime time = new ManualTime();
    final MemoryStateStore store = new MemoryStateStore();
    final GroupConfig config;
    final TestTopics topics = new TestTopics();

    /** The ids of share groups. */
    final Set<String> sharing = new HashSet<>();

    private CoordinatorLoop loop;
    Ledger<String, Group, GroupCommand> groups;
    private int ids;

    GroupFixture() {
        this(GroupConfig.DEFAULT);
    }

    GroupFixture(GroupConfig config) {
        this.config = config;
        loop = new CoordinatorLoop(store, time, Long.MAX_VALUE);
        groups = loop.host(coordinator(config), (k, b, a) -> {});
    }

    private GroupCoordinator coordinator(GroupConfig theConfig) {
        GroupConfigs settings = new GroupConfigs(BrokerConfig.defaults(), store);
        return new GroupCoordinator(
                new Surroundings(theConfig, settings, topics, sharing::contains),
                time.wallMillis());
    }

    static GroupConfig membersMax(int max) {
        GroupConfig d = GroupConfig.DEFAULT;
        return new GroupConfig(
                d.sessionTimeoutMillisMin(),
                d.sessionTimeoutMillisMax(),
                max,
                d.consumerMembersMax(),
                d.consumerAssignors(),
                d.streamsMembersMax(),
                d.migration(),
                d.initialRebalanceDelayMillis(),
                d.offsetMetadataMax(),
                d.offsetsRetentionMillis(),
                d.offsetsRetentionCheckMillis());
    }

    /** Loses all that is not in the store. */
    void crash() {
        crash(config);
    }

    void crash(GroupConfig newConfig) {
        loop = new CoordinatorLoop(store, time, Long.MAX_VALUE);
        groups = loop.host(coordinator(newConfig), (k, b, a) -> {});
    }

    <R> Answer<R> ask(
            Function<ReplyTo<R>, GroupCommand> command, Function<Unavailable, R> unavailable) {
        Answer<R> reply = new Answer<>(groups.ask(GROUP, command, unavailable));
        loop.turn();
        return reply;
    }

    <R> Answer<R> askClassic(
            Function<ReplyTo<R>, ClassicCommand> command, Function<Unavailable, R> unavailable) {
        return ask(to -> new GroupCommand.Classic(command.apply(to)), unavailable);
    }

    /** Asks, and gives the answer as it comes. */
    CompletionStage<ErrorCode> askLater(Function<ReplyTo<ErrorCode>, GroupCommand> command) {
        CompletionStage<ErrorCode> answer =
                groups.ask(GROUP, command, u -> ErrorCode.COORDINATOR_NOT_AVAILABLE);
        loop.turn();
        return answer;
    }

    /** Lets time pass, ringing every alarm at its time. */
    void advance(long millis) {
        long endNanos = time.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (loop.nextAlarmNanos().isPresent() && loop.nextAlarmNanos().getAsLong() <= endNanos) {
            long waitNanos = loop.nextAlarmNanos().getAsLong() - time.monotonicNanos();
            time.advance(Math.max(0, TimeUnit.NANOSECONDS.toMillis(waitNanos)));
            loop.turn();
        }
        time.advance(TimeUnit.NANOSECONDS.toMillis(endNanos - time.monotonicNanos()));
        loop.turn();
    }

    Group group() {
        return groups.get(GROUP).orElseThrow();
    }

    ClassicMembership membership() {
        return classic(group());
    }

    static ClassicMembership classic(Group group) {
        return ((Membership.Classic) group.membership()).classic();
    }

    String phase() {
        return membership().phase().displayName();
    }

    /** A join in the making, with what most tests want. */
    final class Joiner {
        private String memberId = "";
        private Optional<String> instanceId = Optional.empty();
        private String protocolType = "consumer";
        private List<Protocol> protocols = List.of(protocol("range", "t"));
        private int sessionMillis = SESSION;
        private int rebalanceMillis = REBALANCE;
        private boolean idFirst;
        private boolean canSkip = true;

        Joiner as(String id) {
            memberId = id;
            return this;
        }

        Joiner instance(String id) {
            instanceId = Optional.of(id);
            return this;
        }

        Joiner type(String type) {
            protocolType = type;
            return this;
        }

        Joiner protocols(Protocol... all) {
            protocols = List.of(all);
            return this;
        }

        Joiner session(int millis) {
            sessionMillis = millis;
            return this;
        }

        Joiner rebalance(int millis) {
            rebalanceMillis = millis;
            return this;
        }

        Joiner idFirst() {
            idFirst = true;
            return this;
        }

        Joiner cannotSkip() {
            canSkip = false;
            return this;
        }

        Answer<JoinOutcome> send() {
            String newId = instanceId.orElse("client") + "-" + ++ids;
            return askClassic(
                    to ->
                            new ClassicCommand.Join(
                                    new Identity(memberId, instanceId),
                                    new Client("client", "/127.0.0.1"),
                                    new Member.Timeouts(sessionMillis, rebalanceMillis),
                                    protocolType,
                                    protocols,
                                    new ClassicCommand.JoinOptions(newId, idFirst, canSkip),
                                    to),
                    u -> JoinOutcome.refused(ErrorCode.COORDINATOR_NOT_AVAILABLE, memberId));
        }

        /** Sends, and is answered at once. */
        JoinOutcome now() {
            Answer<JoinOutcome> reply = send();
            assertTrue(reply.isDone(), "the join waits");
            return reply.join();
        }
    }

    Joiner join() {
        return new Joiner();
    }

    Answer<SyncOutcome> sync(JoinOutcome joined, Map<String, String> assignments) {
        return sync(new Identity(joined.memberId(), Optional.empty()), joined, assignments);
    }

    Answer<SyncOutcome> sync(
            Identity identity, JoinOutcome joined, Map<String, String> assignments) {
        Map<String, Bytes> bytes = new java.util.HashMap<>();
        assignments.forEach((id, text) -> bytes.put(id, bytes(text)));
        return askClassic(
                to ->
                        new ClassicCommand.Sync(
                                identity,
                                joined.generation(),
                                joined.protocolType(),
                                joined.protocolName(),
                                bytes,
                                to),
                u -> SyncOutcome.refused(ErrorCode.COORDINATOR_NOT_AVAILABLE));
    }

    ErrorCode heartbeat(String memberId, int generation) {
        return heartbeat(new Identity(memberId, Optional.empty()), generation);
    }

    ErrorCode heartbeat(Identity identity, int generation) {
        return askClassic(
                        to -> new ClassicCommand.Heartbeat(identity, generation, to),
                        u -> ErrorCode.COORDINATOR_NOT_AVAILABLE)
                .join();
    }

    LeaveOutcome leave(Identity... identities) {
        return askClassic(
                        to -> new ClassicCommand.Leave(List.of(identities), to),
                        u -> new LeaveOutcome(ErrorCode.COORDINATOR_NOT_AVAILABLE, List.of()))
                .join();
    }

    LeaveOutcome leave(String memberId) {
        return leave(new Identity(memberId, Optional.empty()));
    }

    ErrorCode commit(String memberId, int generation, int partition, long offset) {
        return commit(memberId, generation, partition, offset, OptionalLong.empty());
    }

    ErrorCode commit(
            String memberId,
            int generation,
            int partition,
            long offset,
            OptionalLong retentionMillis) {
        GroupCommand.Position position =
                new GroupCommand.Position(TOPIC_ID, "t", partition, offset, 3, "note");
        return ask(
                        to ->
                                new GroupCommand.CommitOffsets(
                                        new Identity(memberId, Optional.empty()),
                                        generation,
                                        retentionMillis,
                                        List.of(position),
                                        ErrorCode.ILLEGAL_GENERATION,
                                        to),
                        u -> ErrorCode.COORDINATOR_NOT_AVAILABLE)
                .join();
    }

    Optional<Long> committed(int partition) {
        return groups.get(GROUP)
                .flatMap(group -> group.offsets().get(TOPIC_ID, partition))
                .map(CommittedOffset::offset);
    }

    /** A group in its first generation, everyone joined, and assigned "<i>". */
    List<JoinOutcome> stable(int size) {
        List<Answer<JoinOutcome>> joins =
                java.util.stream.IntStream.range(0, size).mapToObj(i -> join().send()).toList();
        return settle(joins);
    }

    List<JoinOutcome> settle(List<Answer<JoinOutcome>> joins) {
        advance(10L * config.initialRebalanceDelayMillis());
        List<JoinOutcome> joined = joins.stream().map(Answer::join).toList();
        joined.forEach(outcome -> assertEquals(ErrorCode.NONE, outcome.error()));
        syncAll(joined);
        assertEquals("Stable", phase());
        return joined;
    }

    /** Syncs everyone, the leader last; member i is assigned "i". */
    void syncAll(List<JoinOutcome> joined) {
        Map<String, String> assignments = new java.util.HashMap<>();
        for (int i = 0; i < joined.size(); i++) {
            assignments.put(joined.get(i).memberId(), "" + i);
        }
        List<Answer<SyncOutcome>> syncs = new java.util.ArrayList<>();
        joined.stream()
                .sorted(java.util.Comparator.comparing(j -> j.memberId().equals(j.leader())))
                .forEach(j ->
                        syncs.add(
                                sync(j, j.memberId().equals(j.leader()) ? assignments : Map.of())));
        syncs.forEach(s -> assertEquals(ErrorCode.NONE, s.join().error()));
    }

    static Bytes bytes(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(Bytes bytes) {
        return new String(bytes.content(), StandardCharsets.UTF_8);
    }

    /** A consumer's subscription as it is on the wire, version 0. */
    static Protocol protocol(String name, String... topics) {
        ByteBuffer out = ByteBuffer.allocate(1_000).putShort((short) 0).putInt(topics.length);
        for (String topic : topics) {
            byte[] utf8 = topic.getBytes(StandardCharsets.UTF_8);
            out.putShort((short) utf8.length).put(utf8);
        }
        out.putInt(-1);
        return new Protocol(name, Bytes.copyOf(out.flip()));
    }
}
