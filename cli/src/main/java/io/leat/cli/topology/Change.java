package io.leat.cli.topology;

import io.leat.client.Acl;
import io.leat.client.QuotaEntity;
import io.leat.client.Secret;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

/** One step from what there is to what there shall be. */
public sealed interface Change {
    /** What changes, as people call it, such as {@code topic orders}. */
    String subject();

    /** A topic is made. */
    record CreateTopic(String topic, OptionalInt partitions, SortedMap<String, String> configs)
            implements Change {
        @Override
        public String subject() {
            return "topic " + topic;
        }
    }

    /** A topic gets more partitions. */
    record AddPartitions(String topic, int from, int to) implements Change {
        @Override
        public String subject() {
            return "topic " + topic;
        }
    }

    /** A topic is deleted with its records. */
    record DeleteTopic(String topic) implements Change {
        @Override
        public String subject() {
            return "topic " + topic;
        }
    }

    /**
     * A setting of a topic or group.
     *
     * @param group whether it is a group's
     * @param from what is set now; empty where it is the default
     * @param to what is set then; empty where it goes back to the default
     */
    record SetConfig(
            boolean group, String name, String key, Optional<String> from, Optional<String> to)
            implements Change {
        @Override
        public String subject() {
            return (group ? "group " : "topic ") + name;
        }
    }

    /** A user is made. */
    record CreateUser(String user, Secret password) implements Change {
        @Override
        public String subject() {
            return "user " + user;
        }
    }

    /** A user is deleted. */
    record DeleteUser(String user) implements Change {
        @Override
        public String subject() {
            return "user " + user;
        }
    }

    /** An ACL is made. */
    record CreateAcl(Acl acl) implements Change {
        @Override
        public String subject() {
            return "acl " + acl;
        }
    }

    /** An ACL is deleted. */
    record DeleteAcl(Acl acl) implements Change {
        @Override
        public String subject() {
            return "acl " + acl;
        }
    }

    /** A quota; empty where there is none. */
    record SetQuota(QuotaEntity entity, String key, Optional<Double> from, Optional<Double> to)
            implements Change {
        @Override
        public String subject() {
            return "quota of " + entity;
        }
    }
}
