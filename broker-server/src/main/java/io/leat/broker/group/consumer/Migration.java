package io.leat.broker.group.consumer;

import io.leat.broker.group.assign.PartitionSet;
import io.leat.broker.group.assign.Target;
import io.leat.broker.group.assign.TopicImage;
import io.leat.broker.group.assign.Topics;
import io.leat.broker.group.classic.Bytes;
import io.leat.broker.group.classic.ClassicMembership;
import io.leat.broker.group.classic.EmbeddedProtocol;
import io.leat.broker.group.classic.Member;
import io.leat.broker.group.classic.Protocol;
import io.leat.wire.message.ConsumerProtocolSubscription;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Moves a group with its members between the protocols. Epochs and generations are one count, which
 * goes on; members keep what they own, and hear in their heartbeats that they have to join again.
 */
public final class Migration {
    /** The highest number that is believed of a topic that has fewer partitions: 8 KiB to keep. */
    private static final int CLAIMED_MAX = 1 << 16;

    private Migration() {}

    /**
     * The classic group as a consumer group.
     *
     * @return empty when what its members have said to each other cannot be read
     */
    public static Optional<ConsumerMembership> toConsumer(
            ClassicMembership classic, TopicImage topics, long nowMillis) {
        Map<String, ConsumerProtocolSubscription> subscriptions = new HashMap<>();
        for (Member member : classic.members().all()) {
            Optional<ConsumerProtocolSubscription> subscription =
                    EmbeddedProtocol.subscription(
                            electedFirst(classic, member).getFirst().metadata());
            if (subscription.isEmpty()) {
                return Optional.empty();
            }
            subscriptions.put(member.id(), subscription.get());
        }
        SortedMap<String, PartitionSet> owners = owners(classic, subscriptions, topics);
        SortedMap<String, ConsumerMember> members = new TreeMap<>();
        for (Member member : classic.members().all()) {
            ConsumerProtocolSubscription subscription =
                    Objects.requireNonNull(subscriptions.get(member.id()));
            PartitionSet own = owners.getOrDefault(member.id(), PartitionSet.NONE);
            members.put(
                    member.id(),
                    new ConsumerMember(
                            member.id(),
                            member.instanceId(),
                            Optional.ofNullable(subscription.rackId()),
                            member.client(),
                            member.timeouts().rebalanceMillis(),
                            Subscription.to(subscription.topics()),
                            Optional.empty(),
                            Standing.owning(classic.generation(), own),
                            Optional.of(
                                    new ClassicSide(
                                            member.timeouts().sessionMillis(),
                                            electedFirst(classic, member),
                                            ClassicSide.Step.NONE))));
        }
        return Optional.of(
                new ConsumerMembership(
                        classic.generation(),
                        new Target(classic.generation(), owners),
                        "",
                        members,
                        WantedTopics.of(members.values(), topics, WantedTopics.NONE),
                        0,
                        nowMillis));
    }

    /**
     * What members own or may own: what they were assigned, and what they said that they own when
     * they joined, for in the middle of a rebalance they may have that still. One that missed a
     * generation may name what another has by now, so assignments come first.
     */
    private static SortedMap<String, PartitionSet> owners(
            ClassicMembership classic,
            Map<String, ConsumerProtocolSubscription> subscriptions,
            TopicImage topics) {
        SortedMap<String, PartitionSet> owners = new TreeMap<>();
        PartitionSet held = PartitionSet.NONE;
        for (Member member : classic.members().all()) {
            PartitionSet own = assigned(member, topics).minus(held);
            held = held.plus(own);
            owners.put(member.id(), own);
        }
        for (Member member : classic.members().all()) {
            PartitionSet claimed =
                    claimed(Objects.requireNonNull(subscriptions.get(member.id())), topics)
                            .minus(held);
            held = held.plus(claimed);
            owners.merge(member.id(), claimed, PartitionSet::plus);
        }
        return owners;
    }

    private static List<Protocol> electedFirst(ClassicMembership classic, Member member) {
        List<Protocol> ordered = new ArrayList<>(member.protocols());
        classic.protocolName()
                .ifPresent(elected ->
                        ordered.sort(
                                Comparator.comparing(
                                        protocol -> !protocol.name().equals(elected))));
        return ordered;
    }

    private static PartitionSet assigned(Member member, TopicImage topics) {
        PartitionSet.Builder own = PartitionSet.builder();
        EmbeddedProtocol.assignment(member.assignment())
                .ifPresent(assignment ->
                        assignment
                                .assignedPartitions()
                                .forEach(topic ->
                                        topics.find(topic.topic())
                                                .ifPresent(info ->
                                                        addAll(own, info, topic.partitions()))));
        return own.build();
    }

    /** What a member says in its subscription that it owns. */
    static PartitionSet claimed(ConsumerProtocolSubscription subscription, TopicImage topics) {
        PartitionSet.Builder owned = PartitionSet.builder();
        subscription
                .ownedPartitions()
                .forEach(topic ->
                        topics.find(topic.topic())
                                .ifPresent(info -> addAll(owned, info, topic.partitions())));
        return owned.build();
    }

    /**
     * Those that are there, or may have been when the member came to own them: what is remembered
     * must have a bound, and members may claim any number.
     */
    private static void addAll(
            PartitionSet.Builder set, Topics.TopicInfo info, List<Integer> partitions) {
        partitions.stream()
                .filter(each -> info.has(each) || (each >= 0 && each < CLAIMED_MAX))
                .forEach(each -> set.add(info.id(), each));
    }

    /** The consumer group, whose members all speak the classic protocol, as a classic group. */
    public static ClassicMembership toClassic(
            ConsumerMembership consumer, TopicImage topics, long nowMillis) {
        List<Member> members = new ArrayList<>();
        for (ConsumerMember member : consumer.all()) {
            ClassicSide side =
                    member.classic()
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            member.id() + " speaks the consumer protocol"));
            Bytes assignment = ClassicMemberRules.assignment(member, topics);
            members.add(
                    Member.assigned(
                            member.id(),
                            member.instanceId(),
                            member.client(),
                            new Member.Timeouts(
                                    side.sessionMillis(), member.rebalanceTimeoutMillis()),
                            side.protocols(),
                            assignment));
        }
        return ClassicMembership.stable(consumer.epoch(), "consumer", members, nowMillis);
    }
}
