package io.leat.broker.group;

import io.leat.broker.group.classic.ClassicMembership;
import io.leat.broker.group.consumer.ConsumerMembership;
import io.leat.broker.group.member.GroupType;
import io.leat.broker.group.member.Roster;
import io.leat.broker.group.streams.StreamsMembership;

/** Who is in a group, by the protocol that the group lives by. Immutable. */
sealed interface Membership {
    GroupType type();

    /** What all types have in common. */
    Roster roster();

    /** Also that of a group that has offsets and never had members. */
    record Classic(ClassicMembership classic) implements Membership {
        @Override
        public GroupType type() {
            return GroupType.CLASSIC;
        }

        @Override
        public Roster roster() {
            return classic;
        }
    }

    /** Members whose partitions the broker assigns. */
    record Consumer(ConsumerMembership consumer) implements Membership {
        @Override
        public GroupType type() {
            return GroupType.CONSUMER;
        }

        @Override
        public Roster roster() {
            return consumer;
        }
    }

    /** Members to whom the broker assigns the tasks of a topology. */
    record Streams(StreamsMembership streams) implements Membership {
        @Override
        public GroupType type() {
            return GroupType.STREAMS;
        }

        @Override
        public Roster roster() {
            return streams;
        }
    }

    static Membership none(long nowMillis) {
        return new Classic(ClassicMembership.none(nowMillis));
    }

    default boolean isEmpty() {
        return roster().isEmpty();
    }
}
