package io.leat.broker.group;

import io.leat.broker.coordinator.CoordinatorLoop;
import io.leat.broker.coordinator.Ledger;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.coordinator.Time;
import io.leat.broker.coordinator.Unavailable;
import io.leat.wire.ErrorCode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The broker's consumer groups. Any thread may use it; nothing in it blocks. */
public final class Groups {
    private final Ledger<String, Group, GroupCommand> ledger;
    private final Topics topics;
    private final GroupConfig config;

    /**
     * Loads all groups into {@code loop}, which must not have started yet.
     *
     * @throws io.leat.storage.api.StorageException when they cannot be read
     */
    public Groups(CoordinatorLoop loop, GroupConfig config, Topics topics, Time time) {
        this.topics = topics;
        this.config = config;
        ledger = loop.host(new GroupCoordinator(config, time.wallMillis()));
        forgetStrangers();
    }

    /** Topics that were deleted just before the last stop may have left their offsets behind. */
    private void forgetStrangers() {
        Set<UUID> strangers = new HashSet<>();
        ledger.forEach((id, group) ->
                group.offsets()
                        .forEach((topicId, topic, partition, offset) -> {
                            if (topics.find(topicId).isEmpty()) {
                                strangers.add(topicId);
                            }
                        }));
        if (!strangers.isEmpty()) {
            forgetTopics(strangers);
        }
    }

    /** Drops the offsets of topics that are no more. They are not seen any more from before. */
    public void forgetTopics(Set<UUID> topicIds) {
        Set<UUID> ids = Set.copyOf(topicIds);
        ledger.forEach((groupId, group) -> {
            if (ids.stream().anyMatch(group.offsets()::contains)) {
                ask(groupId, to -> new GroupCommand.ForgetTopics(ids, to), e -> e);
            }
        });
    }

    /** How many groups there are. */
    public int size() {
        return ledger.size();
    }

    Topics topics() {
        return topics;
    }

    GroupConfig config() {
        return config;
    }

    Optional<Group> find(String groupId) {
        return ledger.get(groupId);
    }

    void forEach(BiConsumer<String, Group> visitor) {
        ledger.forEach(visitor);
    }

    /**
     * Asks a group for a change.
     *
     * @param failed the reply when there is no decision
     */
    <R> CompletionStage<R> ask(
            String groupId,
            Function<ReplyTo<R>, GroupCommand> command,
            Function<ErrorCode, R> failed) {
        return ledger.ask(groupId, command, reason -> failed.apply(error(reason)));
    }

    private static ErrorCode error(Unavailable reason) {
        return switch (reason) {
            // Come again: clients wait a little and ask the same coordinator.
            case OVERLOADED -> ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
            case STORAGE_FAILED, CLOSED -> ErrorCode.COORDINATOR_NOT_AVAILABLE;
            case RULE_FAILED -> ErrorCode.UNKNOWN_SERVER_ERROR;
        };
    }
}
