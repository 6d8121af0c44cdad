package io.leat.broker.group.streams;

import java.util.function.Predicate;

/** What happens to the members of a streams group. */
public final class StreamsRules {
    private StreamsRules() {}

    public static void decide(StreamsDraft draft, StreamsCommand command) {
        switch (command) {
            case StreamsCommand.Heartbeat heartbeat -> HeartbeatRules.heartbeat(draft, heartbeat);
            case StreamsCommand.SessionExpired expired ->
                    expire(draft, expired.memberId(), member -> true);
            case StreamsCommand.RevocationExpired expired ->
                    expire(
                            draft,
                            expired.memberId(),
                            member -> member.standing().state() == Standing.State.UNREVOKED);
        }
    }

    /**
     * After a start members go on where they were: each gets a full session to be heard of, and
     * time to tell again how far its states are.
     */
    public static void resume(StreamsDraft draft) {
        StreamsMembership found = draft.membership();
        draft.become(found.with(found.passing().assignedAt(draft.nowMillis())));
        for (StreamsMember member : draft.membership().all()) {
            draft.renewSession(member);
            if (member.standing().state() == Standing.State.UNREVOKED) {
                draft.ring(
                        new StreamsCommand.RevocationExpired(member.id()),
                        member.rebalanceTimeoutMillis());
            }
        }
    }

    private static void expire(
            StreamsDraft draft, String memberId, Predicate<StreamsMember> condition) {
        draft.membership().get(memberId).filter(condition).ifPresent(gone -> remove(draft, gone));
    }

    /** Takes a member out, which makes a new epoch. The others hear of it in their heartbeats. */
    static void remove(StreamsDraft draft, StreamsMember member) {
        draft.silence(member.id());
        StreamsMembership rest = draft.membership().without(member.id(), draft.nowMillis());
        draft.become(member.endpoint().isPresent() ? rest.withEndpointsChanged() : rest);
    }
}
