package io.leat.client;

import io.leat.client.network.Backoff;
import io.leat.client.network.NetworkLoop;
import io.leat.client.network.Outcome;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.HeartbeatRequest;
import io.leat.wire.message.JoinGroupRequest;
import io.leat.wire.message.JoinGroupResponse;
import io.leat.wire.message.LeaveGroupRequest;
import io.leat.wire.message.SyncGroupRequest;
import io.leat.wire.message.SyncGroupResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Membership in a group by the classic protocol: joins, takes part in sharing out, keeps the
 * membership alive. Of the loop alone; what the consumer's thread has to do, it is told through
 * {@link News}.
 *
 * <pre>
 *            join                    answers to JoinGroup, SyncGroup
 * OUTSIDE ----------> JOINING ------------------------------------> MEMBER
 *    ^                 |  ^                                         |  |
 *    |    given up     |  |          join, told by a heartbeat      |  |
 *    +-----------------+  +-----------------------------------------+  |
 *    +-----------------------------------------------------------------+
 *         given up by the coordinator, left, or too long without poll
 * </pre>
 */
final class GroupMember {
    /** What the consumer's thread hears of. Called on the loop. */
    interface News {
        /** The group was shared out anew. */
        void assigned(List<TopicPartition> partitions);

        /** The group wants to be shared out anew: {@link GroupMember#join} when ready. */
        void rejoin();

        /** The group has given this member up: what it had may be another's. */
        void lost();

        /** This member cannot be in the group. */
        void failed(LeatClientException why);

        /** For a member that never joined. */
        News NOBODY =
                new News() {
                    @Override
                    public void assigned(List<TopicPartition> partitions) {}

                    @Override
                    public void rejoin() {}

                    @Override
                    public void lost() {}

                    @Override
                    public void failed(LeatClientException why) {}
                };
    }

    /** Where a member is. */
    private enum State {
        OUTSIDE,
        JOINING,
        MEMBER
    }

    private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);
    private static final String PROTOCOL_TYPE = "consumer";
    private static final Duration JOIN_SLACK = Duration.ofSeconds(5);

    private final Cluster cluster;
    private final NetworkLoop loop;
    private final ConsumerOptions options;
    private final GroupCoordinator coordinator;
    private News news = News.NOBODY;
    private State state = State.OUTSIDE;
    private String memberId = "";
    private int generation = ConsumerProtocol.NO_GENERATION;
    private List<String> topics = List.of();
    private Set<TopicPartition> owned = Set.of();
    // Of the leader: what the group was shared out by.
    private Map<String, Integer> sharedCounts = Map.of();
    private boolean leader;
    private boolean rejoinAsked;
    private int failures;
    // Goes up when answers that are on the way are no longer wanted.
    private int attempt;
    private NetworkLoop.@Nullable Timer heartbeatTimer;
    private volatile long lastPollNanos = System.nanoTime();
    private volatile GroupOffsets.Author author = GroupOffsets.Author.OUTSIDER;

    GroupMember(Cluster cluster, ConsumerOptions options, GroupCoordinator coordinator) {
        this.cluster = cluster;
        this.loop = cluster.loop();
        this.options = options;
        this.coordinator = coordinator;
    }

    /** As whom to commit. Any thread. */
    GroupOffsets.Author author() {
        return author;
    }

    /** The caller is alive. Any thread. */
    void polled() {
        lastPollNanos = System.nanoTime();
    }

    /**
     * Joins, or joins again.
     *
     * @param wanted what to subscribe to
     * @param has what this member goes on reading meanwhile
     * @param hears who is told what becomes of it
     */
    void join(List<String> wanted, Set<TopicPartition> has, News hears) {
        news = hears;
        topics = wanted;
        owned = has;
        state = State.JOINING;
        rejoinAsked = false;
        attempt++;
        stopHeartbeats();
        sendJoin(attempt);
    }

    private void sendJoin(int mine) {
        if (mine != attempt) {
            return;
        }
        List<JoinGroupRequest.JoinGroupRequestProtocol> protocols = new ArrayList<>();
        for (Assignor assignor : options.assignors()) {
            ConsumerProtocol.Subscription subscription =
                    new ConsumerProtocol.Subscription(topics, List.copyOf(owned), generation);
            protocols.add(
                    new JoinGroupRequest.JoinGroupRequestProtocol(
                            assignor.protocolName(),
                            ConsumerProtocol.writeSubscription(subscription, assignor)));
        }
        JoinGroupRequest request =
                new JoinGroupRequest(
                        coordinator.groupId(),
                        millis(options.sessionTimeout()),
                        millis(options.maxPollInterval()),
                        memberId,
                        options.groupInstanceId().orElse(null),
                        PROTOCOL_TYPE,
                        protocols,
                        null);
        Duration timeout = options.maxPollInterval().plus(JOIN_SLACK);
        Outcome.whenDone(
                coordinator.ask(Lane.GROUP, Apis.JOIN_GROUP, request, timeout),
                (answer, failure) -> {
                    if (mine == attempt) {
                        if (failure != null) {
                            again(mine, failure);
                        } else {
                            orFail(() -> joined(mine, answer));
                        }
                    }
                });
    }

    private void joined(int mine, JoinGroupResponse answer) {
        ErrorCode error = ErrorCode.of(answer.errorCode());
        if (error == ErrorCode.MEMBER_ID_REQUIRED) {
            memberId = answer.memberId();
            sendJoin(mine);
            return;
        }
        if (error != ErrorCode.NONE) {
            refused(mine, error, "join");
            return;
        }
        memberId = answer.memberId();
        generation = answer.generationId();
        leader = answer.leader().equals(memberId);
        Optional<Assignor> assignor =
                options.assignors().stream()
                        .filter(offered -> offered.protocolName().equals(answer.protocolName()))
                        .findFirst();
        if (assignor.isEmpty()) {
            fail(
                    BrokerException.fatal(
                            ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
                            subject("join"),
                            answer.protocolName()));
            return;
        }
        if (!leader) {
            sendSync(mine, assignor.get(), Map.of());
            return;
        }
        Map<String, AssignmentRule.Member> members = members(answer);
        Outcome.whenDone(
                partitionCounts(members),
                (counts, failure) -> {
                    if (mine == attempt) {
                        if (failure != null) {
                            again(mine, failure);
                        } else {
                            sharedCounts = counts;
                            boolean skip = answer.skipAssignment();
                            orFail(() ->
                                    sendSync(
                                            mine,
                                            assignor.get(),
                                            skip
                                                    ? Map.of()
                                                    : assignor.get()
                                                            .rule()
                                                            .assign(members, counts)));
                        }
                    }
                });
    }

    private static Map<String, AssignmentRule.Member> members(JoinGroupResponse answer) {
        Map<String, AssignmentRule.Member> members = new HashMap<>();
        for (JoinGroupResponse.JoinGroupResponseMember member : answer.members()) {
            ConsumerProtocol.Subscription subscription =
                    ConsumerProtocol.readSubscription(member.metadata());
            members.put(
                    member.memberId(),
                    new AssignmentRule.Member(
                            Optional.ofNullable(member.groupInstanceId()),
                            subscription.topics(),
                            Set.copyOf(subscription.owned()),
                            subscription.generation()));
        }
        return members;
    }

    /** How many partitions there are to share out. */
    private CompletableFuture<Map<String, Integer>> partitionCounts(
            Map<String, AssignmentRule.Member> members) {
        Set<String> all = new TreeSet<>();
        members.values().forEach(member -> all.addAll(member.topics()));
        cluster.track(all);
        return cluster.refresh().thenApply(view -> counts(view, all));
    }

    private static Map<String, Integer> counts(ClusterView view, Set<String> topics) {
        Map<String, Integer> counts = new HashMap<>();
        for (String topic : topics) {
            int count =
                    view.topic(topic)
                            .filter(ClusterView.TopicView::exists)
                            .map(t -> t.partitionCount())
                            .orElse(0);
            counts.put(topic, count);
        }
        return counts;
    }

    private void sendSync(int mine, Assignor assignor, Map<String, List<TopicPartition>> assigned) {
        List<SyncGroupRequest.SyncGroupRequestAssignment> assignments = new ArrayList<>();
        assigned.forEach((member, partitions) ->
                assignments.add(
                        new SyncGroupRequest.SyncGroupRequestAssignment(
                                member, ConsumerProtocol.writeAssignment(partitions))));
        SyncGroupRequest request =
                new SyncGroupRequest(
                        coordinator.groupId(),
                        generation,
                        memberId,
                        options.groupInstanceId().orElse(null),
                        PROTOCOL_TYPE,
                        assignor.protocolName(),
                        assignments);
        Duration timeout = options.maxPollInterval().plus(JOIN_SLACK);
        Outcome.whenDone(
                coordinator.ask(Lane.GROUP, Apis.SYNC_GROUP, request, timeout),
                (answer, failure) -> {
                    if (mine == attempt) {
                        if (failure != null) {
                            again(mine, failure);
                        } else {
                            orFail(() -> synced(mine, answer));
                        }
                    }
                });
    }

    private void synced(int mine, SyncGroupResponse answer) {
        ErrorCode error = ErrorCode.of(answer.errorCode());
        if (error != ErrorCode.NONE) {
            refused(mine, error, "take part in");
            return;
        }
        List<TopicPartition> partitions =
                answer.assignment().hasRemaining()
                        ? ConsumerProtocol.readAssignment(answer.assignment())
                        : List.of();
        state = State.MEMBER;
        failures = 0;
        author =
                new GroupOffsets.Author(
                        generation, memberId, options.groupInstanceId().orElse(null));
        LOG.debug(
                "{} is in generation {} of {} with {}",
                memberId,
                generation,
                coordinator.groupId(),
                partitions);
        scheduleHeartbeat(options.heartbeatInterval());
        news.assigned(partitions);
    }

    /** What another member wrote may make no sense: then the caller hears of it, and can go on. */
    private void orFail(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            fail(
                    BrokerException.fatal(
                            ErrorCode.UNKNOWN_SERVER_ERROR, subject("join"), e.toString()));
        }
    }

    /** What to do about an error while joining. */
    private void refused(int mine, ErrorCode error, String doing) {
        coordinator.noteError(error);
        switch (error) {
            case UNKNOWN_MEMBER_ID -> {
                forgetMembership();
                news.lost();
                again(mine, BrokerException.of(error, subject(doing), null));
            }
            case ILLEGAL_GENERATION -> {
                forgetGeneration();
                news.lost();
                again(mine, BrokerException.of(error, subject(doing), null));
            }
            case REBALANCE_IN_PROGRESS -> sendJoin(mine);
            default -> {
                if (error.retriable()) {
                    again(mine, BrokerException.of(error, subject(doing), null));
                } else {
                    fail(BrokerException.of(error, subject(doing), null));
                }
            }
        }
    }

    /** Tries to join once more, after a pause. */
    private void again(int mine, Throwable why) {
        Throwable bare = Failures.unwrap(why);
        boolean rejoins = bare instanceof BrokerException broker && isFencing(broker.errorCode());
        if (!rejoins && !Failures.isRetriable(bare)) {
            RuntimeException cause = Failures.toThrow(bare, subject("join"));
            fail(
                    cause instanceof LeatClientException known
                            ? known
                            : BrokerException.fatal(
                                    ErrorCode.UNKNOWN_SERVER_ERROR,
                                    subject("join"),
                                    cause.toString()));
            return;
        }
        LOG.debug("{}; trying again", bare.getMessage());
        failures++;
        loop.schedule(pause(), () -> sendJoin(mine));
    }

    private static boolean isFencing(ErrorCode error) {
        return error == ErrorCode.UNKNOWN_MEMBER_ID || error == ErrorCode.ILLEGAL_GENERATION;
    }

    private Duration pause() {
        ConnectionOptions connection = options.connection();
        return Backoff.delay(failures, connection.retryBackoff(), connection.retryBackoffMax());
    }

    private void fail(LeatClientException why) {
        leaveQuietly();
        news.failed(why);
    }

    // ---- heartbeats

    private void scheduleHeartbeat(Duration delay) {
        stopHeartbeats();
        heartbeatTimer = loop.schedule(delay, this::heartbeat);
    }

    private void stopHeartbeats() {
        if (heartbeatTimer != null) {
            heartbeatTimer.cancel();
            heartbeatTimer = null;
        }
    }

    private void heartbeat() {
        heartbeatTimer = null;
        if (System.nanoTime() - lastPollNanos > options.maxPollInterval().toNanos()) {
            LOG.warn(
                    "{} leaves {}: poll was not called for {} ms; do less between two calls, or"
                            + " raise maxPollInterval",
                    memberId,
                    coordinator.groupId(),
                    options.maxPollInterval().toMillis());
            CompletableFuture<Void> unused = sendLeave();
            lose();
            return;
        }
        if (leader) {
            noteTopicChanges();
        }
        int mine = attempt;
        HeartbeatRequest request =
                new HeartbeatRequest(
                        coordinator.groupId(),
                        generation,
                        memberId,
                        options.groupInstanceId().orElse(null));
        Outcome.whenDone(
                coordinator.ask(Lane.GROUP, Apis.HEARTBEAT, request),
                (answer, failure) -> {
                    if (mine == attempt && state == State.MEMBER) {
                        if (failure != null) {
                            missed(failure);
                        } else {
                            beaten(ErrorCode.of(answer.errorCode()));
                        }
                    }
                });
    }

    private void missed(Throwable failure) {
        LOG.debug("a heartbeat was not answered: {}", Failures.unwrap(failure).getMessage());
        failures++;
        Duration pause = pause();
        boolean sooner = pause.compareTo(options.heartbeatInterval()) < 0;
        scheduleHeartbeat(sooner ? pause : options.heartbeatInterval());
    }

    private void beaten(ErrorCode error) {
        coordinator.noteError(error);
        switch (error) {
            case NONE -> {
                failures = 0;
                scheduleHeartbeat(options.heartbeatInterval());
            }
            case REBALANCE_IN_PROGRESS -> {
                scheduleHeartbeat(options.heartbeatInterval());
                askToRejoin();
            }
            case UNKNOWN_MEMBER_ID -> {
                LOG.info("{} is no longer in {}", memberId, coordinator.groupId());
                lose();
            }
            case ILLEGAL_GENERATION -> {
                LOG.info("{} has missed a generation of {}", memberId, coordinator.groupId());
                forgetGeneration();
                leaveQuietly();
                news.lost();
                news.rejoin();
            }
            default -> {
                if (error.retriable()) {
                    missed(BrokerException.of(error, subject("stay in"), null));
                } else {
                    lose();
                    fail(BrokerException.of(error, subject("stay in"), null));
                }
            }
        }
    }

    /** The leader sees to it that new partitions are shared out. */
    private void noteTopicChanges() {
        cluster.refreshIfStale();
        if (!counts(cluster.view(), sharedCounts.keySet()).equals(sharedCounts)) {
            askToRejoin();
        }
    }

    private void askToRejoin() {
        if (!rejoinAsked) {
            rejoinAsked = true;
            news.rejoin();
        }
    }

    private void lose() {
        forgetMembership();
        leaveQuietly();
        news.lost();
        news.rejoin();
    }

    // ---- leaving

    /**
     * Leaves the group; completes when that is settled, well or not. A member with a lasting name
     * stays for its return.
     */
    CompletableFuture<Void> leave() {
        CompletableFuture<Void> left =
                options.groupInstanceId().isPresent()
                        ? CompletableFuture.completedFuture(null)
                        : sendLeave();
        forgetMembership();
        leaveQuietly();
        return left;
    }

    private CompletableFuture<Void> sendLeave() {
        if (memberId.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        LeaveGroupRequest request =
                new LeaveGroupRequest(
                        coordinator.groupId(),
                        "",
                        List.of(
                                new LeaveGroupRequest.MemberIdentity(
                                        memberId, options.groupInstanceId().orElse(null), null)));
        // On a connection of its own: the one for the group may be waiting for a join.
        return coordinator
                .ask(Lane.CONTROL, Apis.LEAVE_GROUP, request)
                .handle((answer, failure) -> {
                    LOG.debug(
                            "left {}: {}",
                            coordinator.groupId(),
                            failure == null ? answer : failure.getMessage());
                    return null;
                });
    }

    private void leaveQuietly() {
        attempt++;
        state = State.OUTSIDE;
        leader = false;
        stopHeartbeats();
    }

    private void forgetMembership() {
        memberId = "";
        forgetGeneration();
    }

    private void forgetGeneration() {
        generation = ConsumerProtocol.NO_GENERATION;
        owned = Set.of();
        author = GroupOffsets.Author.OUTSIDER;
    }

    private String subject(String doing) {
        return doing + " " + Requests.groupSubject(coordinator.groupId());
    }

    private static int millis(Duration duration) {
        return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
    }
}
