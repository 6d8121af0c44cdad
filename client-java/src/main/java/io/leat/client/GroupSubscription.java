package io.leat.client;

import io.leat.client.network.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What the consumer's thread does as a member of a group: hears what the loop has to tell, calls
 * the listener, hands over partitions and joins again.
 *
 * <p>Members that offer cooperative assignors alone go on reading what stays with them while the
 * group is shared out anew; others give up everything before they join.
 */
final class GroupSubscription implements GroupMember.News {
    private final Cluster cluster;
    private final Assignment assignment;
    private final GroupMember member;
    private final Commits commits;
    private final boolean cooperative;

    // Of the consumer's thread.
    private List<String> topics = List.of();
    private RebalanceListener listener = RebalanceListener.NONE;

    // From the loop to the consumer's thread.
    private final Object inbox = new Object();
    private Optional<List<TopicPartition>> assigned = Optional.empty();
    private Optional<LeatClientException> failure = Optional.empty();
    private boolean lost;
    private boolean rejoin;

    GroupSubscription(
            Cluster cluster,
            ConsumerOptions options,
            Assignment assignment,
            GroupMember member,
            Commits commits) {
        this.cluster = cluster;
        this.assignment = assignment;
        this.commits = commits;
        this.member = member;
        this.cooperative = options.assignors().stream().allMatch(Assignor::isCooperative);
    }

    boolean isActive() {
        return !topics.isEmpty();
    }

    Set<String> topics() {
        return Set.copyOf(topics);
    }

    void subscribe(Collection<String> wanted, RebalanceListener who) {
        topics = wanted.stream().distinct().sorted().toList();
        listener = who;
        List<String> tracked = topics;
        cluster.loop().execute(() -> cluster.trackOnly(tracked));
        rejoin();
    }

    /** Gives everything up and leaves; completes when the coordinator knows. */
    CompletableFuture<Void> leave() {
        if (!isActive()) {
            return CompletableFuture.completedFuture(null);
        }
        try {
            revokeAll();
        } finally {
            topics = List.of();
            listener = RebalanceListener.NONE;
            clearNews();
        }
        CompletableFuture<Void> left = new CompletableFuture<>();
        cluster.loop()
                .execute(() ->
                        Outcome.whenDone(member.leave(), (done, failure) -> left.complete(null)));
        return left;
    }

    private void clearNews() {
        synchronized (inbox) {
            assigned = Optional.empty();
            failure = Optional.empty();
            lost = false;
            rejoin = false;
        }
    }

    // ---- on the loop

    @Override
    public void assigned(List<TopicPartition> partitions) {
        synchronized (inbox) {
            assigned = Optional.of(partitions);
        }
        assignment.signal();
    }

    @Override
    public void rejoin() {
        synchronized (inbox) {
            rejoin = true;
        }
        assignment.signal();
    }

    @Override
    public void lost() {
        synchronized (inbox) {
            lost = true;
            assigned = Optional.empty();
        }
        assignment.signal();
    }

    @Override
    public void failed(LeatClientException why) {
        synchronized (inbox) {
            failure = Optional.of(why);
            rejoin = true;
        }
        assignment.signal();
    }

    // ---- on the consumer's thread

    /** Whether {@link #process} has something to do. */
    boolean hasNews() {
        synchronized (inbox) {
            return assigned.isPresent() || failure.isPresent() || lost || rejoin;
        }
    }

    /**
     * Does what the news call for.
     *
     * @throws LeatClientException if this member cannot be in the group; the next call tries to
     *     join again
     */
    void process() {
        if (!isActive()) {
            return;
        }
        member.polled();
        boolean wasLost;
        Optional<List<TopicPartition>> fresh;
        Optional<LeatClientException> why;
        synchronized (inbox) {
            wasLost = lost;
            fresh = assigned;
            why = failure;
            lost = false;
            assigned = Optional.empty();
            failure = Optional.empty();
        }
        if (wasLost) {
            loseAll();
        }
        if (why.isPresent()) {
            throw why.get();
        }
        fresh.ifPresent(this::takeOver);
        if (takeRejoin()) {
            join();
        }
    }

    private boolean takeRejoin() {
        synchronized (inbox) {
            boolean was = rejoin;
            rejoin = false;
            return was;
        }
    }

    private void join() {
        if (!cooperative) {
            revokeAll();
        }
        List<String> wanted = topics;
        Set<TopicPartition> has = assignment.ids();
        cluster.loop().execute(() -> member.join(wanted, has, this));
    }

    /** Reads what the group has given, and stops reading what it has not. */
    private void takeOver(List<TopicPartition> given) {
        Set<TopicPartition> before = assignment.ids();
        List<TopicPartition> revoked = new ArrayList<>(before);
        revoked.removeAll(Set.copyOf(given));
        List<TopicPartition> added = new ArrayList<>(given);
        added.removeAll(before);
        if (!revoked.isEmpty()) {
            try {
                revoke(revoked);
            } finally {
                Set<TopicPartition> kept = new LinkedHashSet<>(before);
                revoked.forEach(kept::remove);
                assignment.set(kept);
                // Those that wait for them get them in the rebalance that follows.
                rejoin();
            }
        }
        cluster.loop()
                .execute(() ->
                        cluster.track(
                                given.stream().map(TopicPartition::topic).distinct().toList()));
        assignment.set(given);
        listener.onAssigned(added);
    }

    private void revokeAll() {
        Set<TopicPartition> all = assignment.ids();
        if (!all.isEmpty()) {
            try {
                revoke(all);
            } finally {
                assignment.set(Set.of());
            }
        }
    }

    private void revoke(Collection<TopicPartition> partitions) {
        commits.autoCommitNow();
        listener.onRevoked(partitions);
    }

    private void loseAll() {
        Set<TopicPartition> all = assignment.ids();
        assignment.set(Set.of());
        if (!all.isEmpty()) {
            listener.onLost(all);
        }
    }
}
