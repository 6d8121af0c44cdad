package io.leat.broker.group;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.broker.group.member.Client;
import io.leat.broker.group.member.Identity;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.broker.group.streams.HeartbeatOutcome;
import io.leat.broker.group.streams.InternalTopic;
import io.leat.broker.group.streams.StreamsCommand;
import io.leat.broker.group.streams.StreamsMember;
import io.leat.broker.group.streams.StreamsMembership;
import io.leat.broker.group.streams.Subtopology;
import io.leat.broker.group.streams.Task;
import io.leat.broker.group.streams.TaskSet;
import io.leat.broker.group.streams.Tasks;
import io.leat.broker.group.streams.Topology;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** A streams group under the real loop, whose only topic, {@code in}, has six partitions. */
final class StreamsFixture {
    static final UUID IN = new UUID(0, 7);
    static final UUID STATE = new UUID(0, 8);
    static final int SESSION = 45_000;
    static final int REBALANCE = 30_000;
    static final String GROUP = GroupFixture.GROUP;

    /** Reads {@code in} and keeps its state in {@code state}. */
    static final Topology TOPOLOGY = topology(0, "in");

    final GroupFixture f;

    StreamsFixture() {
        this(GroupConfig.DEFAULT);
    }

    StreamsFixture(GroupConfig config) {
        f = new GroupFixture(config);
        f.topics.add(IN, "in", 6, 0);
        f.topics.add(STATE, "state", 6, 0);
    }

    static Topology topology(int epoch, String source, String... patterns) {
        SortedMap<String, InternalTopic> changelogs = new TreeMap<>();
        changelogs.put("state", new InternalTopic("state", 0, (short) 0, new TreeMap<>()));
        Subtopology part =
                new Subtopology(
                        "0",
                        new TreeSet<>(List.of(source)),
                        new TreeSet<>(List.of(patterns)),
                        new TreeMap<>(),
                        new TreeSet<>(),
                        changelogs,
                        List.of());
        return new Topology(epoch, new TreeMap<>(Map.of("0", part)));
    }

    StreamsMembership membership() {
        return ((Membership.Streams) f.group().membership()).streams();
    }

    StreamsMember member(String memberId) {
        return membership().get(memberId).orElseThrow();
    }

    static TaskSet tasks(int... partitions) {
        List<Task> tasks = new ArrayList<>();
        for (int partition : partitions) {
            tasks.add(new Task("0", partition));
        }
        return TaskSet.of(tasks);
    }

    Beat beat(String memberId) {
        return new Beat(memberId);
    }

    /** A heartbeat in the making. */
    final class Beat {
        private final String memberId;
        private Optional<String> instanceId = Optional.empty();
        private int epoch;
        private Optional<String> process;
        private Optional<StreamsMember.Endpoint> endpoint = Optional.empty();
        private Optional<Topology> topology = Optional.empty();
        private Optional<Tasks> owned = Optional.empty();
        private Optional<SortedMap<Task, Long>> offsets = Optional.empty();
        private Optional<SortedMap<Task, Long>> ends = Optional.empty();
        private boolean shutdown;
        private int endpointEpoch = -1;

        Beat(String memberId) {
            this.memberId = memberId;
            process = Optional.of("process of " + memberId);
        }

        Beat instance(String id) {
            instanceId = Optional.of(id);
            return this;
        }

        Beat epoch(int number) {
            epoch = number;
            return this;
        }

        Beat process(String id) {
            process = Optional.of(id);
            return this;
        }

        Beat endpoint(String host, int port) {
            endpoint = Optional.of(new StreamsMember.Endpoint(host, port));
            return this;
        }

        Beat knowsEndpoints(int newest) {
            endpointEpoch = newest;
            return this;
        }

        Beat topology(Topology brought) {
            topology = Optional.of(brought);
            return this;
        }

        Beat owned(Tasks tasks) {
            owned = Optional.of(tasks);
            return this;
        }

        /** Says that the state of each of these tasks is that far, of that much. */
        Beat progress(long offset, long end, TaskSet tasks) {
            tasks.forEach(task -> state(task, offset, end));
            return this;
        }

        Beat state(Task task, long offset, long end) {
            SortedMap<Task, Long> told = new TreeMap<>(offsets.orElseGet(TreeMap::new));
            SortedMap<Task, Long> toldEnds = new TreeMap<>(ends.orElseGet(TreeMap::new));
            told.put(task, offset);
            toldEnds.put(task, end);
            offsets = Optional.of(told);
            ends = Optional.of(toldEnds);
            return this;
        }

        Beat shutdown() {
            shutdown = true;
            return this;
        }

        HeartbeatOutcome send() {
            if (epoch == 0) {
                owned = Optional.of(Tasks.NONE);
                topology = topology.or(() -> Optional.of(TOPOLOGY));
            }
            return f.ask(
                            to ->
                                    new GroupCommand.Streams(
                                            new StreamsCommand.Heartbeat(
                                                    new Identity(memberId, instanceId),
                                                    epoch,
                                                    new StreamsCommand.Profile(
                                                            new Client("client", "/here"),
                                                            Optional.empty(),
                                                            OptionalInt.of(REBALANCE),
                                                            process,
                                                            endpoint,
                                                            Optional.empty(),
                                                            offsets,
                                                            ends),
                                                    topology,
                                                    owned,
                                                    shutdown,
                                                    endpointEpoch,
                                                    to)),
                            u ->
                                    HeartbeatOutcome.refused(
                                            ErrorCode.COORDINATOR_NOT_AVAILABLE, "none"))
                    .join();
        }

        /** Sends, and is not refused. */
        HeartbeatOutcome ok() {
            HeartbeatOutcome outcome = send();
            assertEquals(ErrorCode.NONE, outcome.error(), () -> outcome.message().orElse(""));
            return outcome;
        }
    }

    HeartbeatOutcome join(String memberId) {
        return beat(memberId).ok();
    }

    /** Is heard of as it is, and says that it owns what it was told to. */
    HeartbeatOutcome goOn(String memberId) {
        StreamsMember member = member(memberId);
        return beat(memberId)
                .process(member.processId())
                .epoch(member.standing().epoch())
                .owned(member.standing().assigned())
                .ok();
    }

    /** Waits for as long as an empty group waits for more members. */
    void waitForMore() {
        f.advance(200);
    }

    /** Lets members give up and take until all is settled; each owns what it is told. */
    void settle(String... memberIds) {
        for (int round = 0; round < 10 && !membership().state().equals("Stable"); round++) {
            for (String id : memberIds) {
                goOn(id);
                membership().checkOwners();
            }
        }
        assertEquals("Stable", membership().state());
    }

    Tasks owned(String memberId) {
        return member(memberId).standing().assigned();
    }
}
