package io.leat.broker.group;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.broker.group.assign.PartitionSet;
import io.leat.broker.group.consumer.ConsumerCommand;
import io.leat.broker.group.consumer.ConsumerMembership;
import io.leat.broker.group.consumer.HeartbeatOutcome;
import io.leat.broker.group.member.Client;
import io.leat.broker.group.member.Identity;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** A consumer group under the real loop; topic t has six partitions. */
final class ConsumerFixture {
    static final UUID T = new UUID(0, 7);
    static final int SESSION = 45_000;
    static final int REBALANCE = 30_000;

    final GroupFixture f;

    ConsumerFixture() {
        this(GroupConfig.DEFAULT);
    }

    ConsumerFixture(GroupConfig config) {
        f = new GroupFixture(config);
        f.topics.add(T, "t", 6, 0);
    }

    ConsumerMembership membership() {
        return ((Membership.Consumer) f.group().membership()).consumer();
    }

    static PartitionSet partitions(int... numbers) {
        PartitionSet.Builder set = PartitionSet.builder();
        for (int number : numbers) {
            set.add(T, number);
        }
        return set.build();
    }

    Beat beat(String memberId) {
        return new Beat(memberId);
    }

    /** A heartbeat in the making. */
    final class Beat {
        private final String memberId;
        private Optional<String> instanceId = Optional.empty();
        private int epoch;
        private Optional<List<String>> names = Optional.empty();
        private Optional<String> pattern = Optional.empty();
        private Optional<String> assignor = Optional.empty();
        private Optional<PartitionSet> owned = Optional.empty();
        private OptionalInt rebalance = OptionalInt.empty();

        Beat(String memberId) {
            this.memberId = memberId;
        }

        Beat instance(String id) {
            instanceId = Optional.of(id);
            return this;
        }

        Beat epoch(int number) {
            epoch = number;
            return this;
        }

        Beat names(String... topics) {
            names = Optional.of(List.of(topics));
            return this;
        }

        Beat pattern(String regex) {
            pattern = Optional.of(regex);
            return this;
        }

        Beat assignor(String name) {
            assignor = Optional.of(name);
            return this;
        }

        Beat owned(PartitionSet partitions) {
            owned = Optional.of(partitions);
            return this;
        }

        /** Names the rebalance timeout, as those do who tell all of themselves. */
        Beat rebalance() {
            rebalance = OptionalInt.of(REBALANCE);
            return this;
        }

        HeartbeatOutcome send() {
            if (epoch == 0) {
                rebalance = OptionalInt.of(REBALANCE);
                owned = Optional.of(PartitionSet.NONE);
            }
            return f.ask(
                            to ->
                                    new GroupCommand.Consumer(
                                            new ConsumerCommand.Heartbeat(
                                                    new Identity(memberId, instanceId),
                                                    epoch,
                                                    new ConsumerCommand.Profile(
                                                            new Client("client", "/here"),
                                                            Optional.empty(),
                                                            rebalance,
                                                            names,
                                                            pattern,
                                                            assignor),
                                                    owned,
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
        return beat(memberId).names("t").ok();
    }

    /** Lets members give up and take until all is settled; each owns what it is told. */
    void settle(String... memberIds) {
        for (int round = 0; round < 10 && !membership().state().equals("Stable"); round++) {
            for (String id : memberIds) {
                int epoch = membership().get(id).orElseThrow().standing().epoch();
                beat(id).epoch(epoch)
                        .owned(membership().get(id).orElseThrow().standing().assigned())
                        .ok();
            }
        }
        assertEquals("Stable", membership().state());
    }

    PartitionSet owned(String memberId) {
        return membership().get(memberId).orElseThrow().standing().assigned();
    }

    int epochOf(String memberId) {
        return membership().get(memberId).orElseThrow().standing().epoch();
    }
}
