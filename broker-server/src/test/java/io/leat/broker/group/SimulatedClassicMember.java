package io.leat.broker.group;

import io.leat.broker.coordinator.Answer;
import io.leat.broker.group.assign.PartitionSet;
import io.leat.broker.group.classic.Bytes;
import io.leat.broker.group.classic.ClassicCommand;
import io.leat.broker.group.classic.EmbeddedProtocol;
import io.leat.broker.group.classic.JoinOutcome;
import io.leat.broker.group.classic.Protocol;
import io.leat.broker.group.classic.SyncOutcome;
import io.leat.broker.group.member.Identity;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ConsumerProtocolAssignment;
import io.leat.wire.message.ConsumerProtocolSubscription;
import io.leat.wire.schema.MessageCodec;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A client that speaks the classic protocol, cooperatively; when it leads, it takes all. */
final class SimulatedClassicMember extends SimulatedMember {
    private String memberId = "";
    private String lastId;
    private int generation = -1;
    private Optional<Answer<JoinOutcome>> joining = Optional.empty();
    private Optional<Answer<SyncOutcome>> syncing = Optional.empty();
    private Optional<JoinOutcome> joined = Optional.empty();
    private long sinceMillis;

    SimulatedClassicMember(ConsumerSimulation simulation) {
        super(simulation);
        lastId = "none" + ++simulation.ids;
    }

    @Override
    String memberId() {
        return memberId.isEmpty() ? lastId : memberId;
    }

    @Override
    void act() {
        if (joining.isPresent()) {
            awaitJoin(joining.get());
        } else if (syncing.isPresent()) {
            awaitSync(syncing.get());
        } else if (rarely()) {
            leave();
        } else if (generation < 0) {
            join();
        } else if (joined.isPresent()) {
            sync(joined.get());
        } else if (random.nextInt(3) == 0) {
            simulation.commit(this, generation);
        } else {
            heartbeat();
        }
    }

    private void join() {
        if (lost()) {
            return;
        }
        Protocol protocol = protocol();
        sinceMillis = simulation.f.time.wallMillis();
        joining = Optional.of(simulation.f.join().as(memberId).protocols(protocol).send());
    }

    private boolean tooLate() {
        return simulation.f.time.wallMillis() - sinceMillis > 2L * GroupFixture.REBALANCE;
    }

    private void awaitJoin(Answer<JoinOutcome> answer) {
        if (!answer.isDone()) {
            if (tooLate()) {
                joining = Optional.empty(); // the broker has crashed
            }
            return;
        }
        joining = Optional.empty();
        JoinOutcome outcome = answer.join();
        if (lost()) {
            return;
        }
        if (outcome.error() == ErrorCode.NONE) {
            memberId = outcome.memberId();
            lastId = memberId;
            generation = outcome.generation();
            joined = Optional.of(outcome);
            sync(outcome);
        } else {
            failed(outcome.error());
        }
    }

    private void sync(JoinOutcome outcome) {
        joined = Optional.of(outcome);
        if (lost()) {
            return;
        }
        Map<String, Bytes> assignments = new HashMap<>();
        if (outcome.leader().equals(memberId)) {
            assignments = lead(outcome);
        }
        Map<String, Bytes> all = assignments;
        sinceMillis = simulation.f.time.wallMillis();
        syncing =
                Optional.of(
                        simulation.f.askClassic(
                                to ->
                                        new ClassicCommand.Sync(
                                                identity(),
                                                generation,
                                                Optional.of("consumer"),
                                                Optional.of("cooperative-sticky"),
                                                all,
                                                to),
                                u -> SyncOutcome.refused(ErrorCode.COORDINATOR_NOT_AVAILABLE)));
    }

    private void awaitSync(Answer<SyncOutcome> answer) {
        if (!answer.isDone()) {
            if (tooLate()) {
                syncing = Optional.empty();
            }
            return;
        }
        syncing = Optional.empty();
        SyncOutcome outcome = answer.join();
        if (outcome.error() != ErrorCode.NONE) {
            failed(outcome.error());
        } else if (!lost()) {
            joined = Optional.empty();
            PartitionSet before = owned();
            own(partitions(outcome.assignment()));
            if (!owned().containsAll(before)) {
                generation = -1; // having given partitions up, it joins again
            }
        }
    }

    private void heartbeat() {
        if (!lost()) {
            ErrorCode error = simulation.f.heartbeat(identity(), generation);
            if (!lost()) {
                failed(error);
            }
        }
    }

    private void failed(ErrorCode error) {
        switch (error) {
            case NONE, COORDINATOR_NOT_AVAILABLE, MEMBER_ID_REQUIRED -> {}
            case REBALANCE_IN_PROGRESS -> {
                generation = -1;
                joined = Optional.empty();
            }
            case ILLEGAL_GENERATION -> forget();
            case UNKNOWN_MEMBER_ID -> {
                forget();
                memberId = "";
            }
            default -> simulation.require(false, "unexpected answer: " + error + " for " + this);
        }
    }

    private void forget() {
        own(PartitionSet.NONE);
        generation = -1;
        joined = Optional.empty();
    }

    private void leave() {
        if (!memberId.isEmpty()) {
            own(PartitionSet.NONE);
            simulation.f.leave(identity());
        }
        forget();
        memberId = "";
    }

    private Identity identity() {
        return new Identity(memberId, Optional.empty());
    }

    /** To whoever owned it last, and the rest to itself. Only one classic leader's word counts. */
    private Map<String, Bytes> lead(JoinOutcome outcome) {
        Map<String, PartitionSet> claims = new HashMap<>();
        PartitionSet taken = PartitionSet.NONE;
        for (JoinOutcome.Joined member : outcome.members()) {
            PartitionSet own =
                    EmbeddedProtocol.subscription(member.metadata())
                            .map(this::claimed)
                            .orElse(PartitionSet.NONE)
                            .minus(taken);
            taken = taken.plus(own);
            claims.put(member.memberId(), own);
        }
        Map<String, Bytes> assignments = new HashMap<>();
        claims.forEach((id, own) -> assignments.put(id, bytes(own)));
        return assignments;
    }

    private PartitionSet claimed(ConsumerProtocolSubscription subscription) {
        PartitionSet.Builder own = PartitionSet.builder();
        subscription
                .ownedPartitions()
                .forEach(topic -> own.addAll(idOf(topic.topic()), topic.partitions()));
        return own.build();
    }

    private UUID idOf(String topic) {
        return simulation.f.topics.find(topic).orElseThrow().id();
    }

    private Bytes bytes(PartitionSet own) {
        return EmbeddedProtocol.write(
                new ConsumerProtocolAssignment(
                        own.topics().stream()
                                .map(id ->
                                        new ConsumerProtocolAssignment.TopicPartition(
                                                simulation.f.topics.find(id).orElseThrow().name(),
                                                own.of(id)))
                                .toList(),
                        null),
                protocol().metadata());
    }

    private PartitionSet partitions(Bytes assignment) {
        PartitionSet.Builder own = PartitionSet.builder();
        EmbeddedProtocol.assignment(assignment)
                .ifPresent(told ->
                        told.assignedPartitions()
                                .forEach(topic ->
                                        own.addAll(idOf(topic.topic()), topic.partitions())));
        return own.build();
    }

    private Protocol protocol() {
        ConsumerProtocolSubscription subscription =
                new ConsumerProtocolSubscription(
                        List.of("t"),
                        null,
                        owned().topics().stream()
                                .map(id ->
                                        new ConsumerProtocolSubscription.TopicPartition(
                                                simulation.f.topics.find(id).orElseThrow().name(),
                                                owned().of(id)))
                                .toList(),
                        generation,
                        null);
        ByteBuffer body =
                MessageCodec.of(ConsumerProtocolSubscription.class).encode(subscription, (short) 3);
        return new Protocol(
                "cooperative-sticky",
                Bytes.of(
                        ByteBuffer.allocate(2 + body.remaining())
                                .putShort((short) 3)
                                .put(body)
                                .array()));
    }
}
