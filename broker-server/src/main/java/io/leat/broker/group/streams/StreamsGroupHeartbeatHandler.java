package io.leat.broker.group.streams;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.member.Client;
import io.leat.broker.group.member.GroupsOf;
import io.leat.broker.group.member.Identity;
import io.leat.broker.group.streams.StreamsCommand.Profile;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.StreamsGroupHeartbeatRequest;
import io.leat.wire.message.StreamsGroupHeartbeatRequest.KeyValue;
import io.leat.wire.message.StreamsGroupHeartbeatRequest.TaskIds;
import io.leat.wire.message.StreamsGroupHeartbeatRequest.TaskOffset;
import io.leat.wire.message.StreamsGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Members of streams groups join, are heard of, and leave. Internal topics that a topology needs
 * are made on the way, with the rights of the member that is heard of.
 */
final class StreamsGroupHeartbeatHandler
        implements ApiHandler<StreamsGroupHeartbeatRequest, StreamsGroupHeartbeatResponse> {
    private static final int AS_BEFORE = -1;

    private final GroupsOf<StreamsMembership, StreamsCommand> groups;
    private final InternalTopics topics;

    StreamsGroupHeartbeatHandler(
            GroupsOf<StreamsMembership, StreamsCommand> groups, InternalTopics topics) {
        this.groups = groups;
        this.topics = topics;
    }

    @Override
    public CompletionStage<StreamsGroupHeartbeatResponse> handle(
            RequestContext context, StreamsGroupHeartbeatRequest request) {
        Optional<Topology> topology;
        try {
            check(request);
            topology = Optional.ofNullable(request.topology()).map(TopologyReader::read);
        } catch (Refusal refusal) {
            return CompletableFuture.completedFuture(
                    HeartbeatAnswer.of(
                            HeartbeatOutcome.refused(
                                    refusal.error(), String.valueOf(refusal.getMessage())),
                            context.apiVersion()));
        }
        Identity member =
                new Identity(request.memberId(), Optional.ofNullable(request.instanceId()));
        Profile profile = profile(context, request);
        Optional<Tasks> owned = owned(request);
        return groups.ask(
                        request.groupId(),
                        (ReplyTo<HeartbeatOutcome> to) ->
                                new StreamsCommand.Heartbeat(
                                        member,
                                        request.memberEpoch(),
                                        profile,
                                        topology,
                                        owned,
                                        request.shutdownApplication(),
                                        request.endpointInformationEpoch(),
                                        to),
                        error -> HeartbeatOutcome.refused(error, error.message()))
                .thenCompose(outcome -> create(context, outcome))
                .thenApply(outcome -> HeartbeatAnswer.of(outcome, context.apiVersion()));
    }

    private static void check(StreamsGroupHeartbeatRequest request) {
        require(!request.groupId().isBlank(), "The group id must not be empty");
        require(!request.memberId().isBlank(), "The member id must not be empty");
        require(filled(request.instanceId()), "The instance id must not be empty");
        require(filled(request.rackId()), "The rack id must not be empty");
        require(filled(request.processId()), "The process id must not be empty");
        require(request.memberEpoch() >= Standing.AWAY, "There is no such member epoch");
        if (request.memberEpoch() == 0) {
            require(request.rebalanceTimeoutMs() != AS_BEFORE, "A join names a rebalance timeout");
            require(request.topology() != null, "A join brings its topology");
            require(isEmpty(request.activeTasks()), "One that joins owns nothing");
            require(isEmpty(request.standbyTasks()), "One that joins owns nothing");
            require(isEmpty(request.warmupTasks()), "One that joins owns nothing");
        } else {
            require(request.topology() == null, "Only a join brings a topology");
        }
        require(
                request.memberEpoch() != Standing.AWAY || request.instanceId() != null,
                "Only a static member leaves to come back");
    }

    private static boolean filled(@Nullable String text) {
        return text == null || !text.isBlank();
    }

    private static boolean isEmpty(@Nullable List<TaskIds> tasks) {
        return tasks != null && tasks.isEmpty();
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new Refusal(ErrorCode.INVALID_REQUEST, message);
        }
    }

    private static Profile profile(RequestContext context, StreamsGroupHeartbeatRequest request) {
        return new Profile(
                new Client(context.clientId(), context.connection().clientHost()),
                Optional.ofNullable(request.rackId()),
                request.rebalanceTimeoutMs() == AS_BEFORE
                        ? OptionalInt.empty()
                        : OptionalInt.of(request.rebalanceTimeoutMs()),
                Optional.ofNullable(request.processId()),
                Optional.ofNullable(request.userEndpoint())
                        .map(endpoint ->
                                new StreamsMember.Endpoint(endpoint.host(), endpoint.port())),
                Optional.ofNullable(request.clientTags()).map(StreamsGroupHeartbeatHandler::tags),
                Optional.ofNullable(request.taskOffsets())
                        .map(StreamsGroupHeartbeatHandler::offsets),
                Optional.ofNullable(request.taskEndOffsets())
                        .map(StreamsGroupHeartbeatHandler::offsets));
    }

    private static SortedMap<String, String> tags(List<KeyValue> wire) {
        SortedMap<String, String> tags = new TreeMap<>();
        wire.forEach(tag -> tags.put(tag.key(), tag.value()));
        return tags;
    }

    private static SortedMap<Task, Long> offsets(List<TaskOffset> wire) {
        SortedMap<Task, Long> offsets = new TreeMap<>();
        wire.forEach(each ->
                offsets.put(new Task(each.subtopologyId(), each.partition()), each.offset()));
        return offsets;
    }

    /** Members say either all of what they own or nothing of it. */
    private static Optional<Tasks> owned(StreamsGroupHeartbeatRequest request) {
        List<TaskIds> active = request.activeTasks();
        List<TaskIds> standby = request.standbyTasks();
        List<TaskIds> warmup = request.warmupTasks();
        return active == null || standby == null || warmup == null
                ? Optional.empty()
                : Optional.of(new Tasks(tasks(active), tasks(standby), tasks(warmup)));
    }

    private static TaskSet tasks(List<TaskIds> wire) {
        List<Task> tasks = new ArrayList<>();
        wire.forEach(ids ->
                ids.partitions()
                        .forEach(partition -> tasks.add(new Task(ids.subtopologyId(), partition))));
        return TaskSet.of(tasks);
    }

    /** Makes what is missing; says what could not be made. */
    private CompletionStage<HeartbeatOutcome> create(
            RequestContext context, HeartbeatOutcome outcome) {
        if (outcome.toCreate().isEmpty()) {
            return CompletableFuture.completedFuture(outcome);
        }
        SortedMap<String, String> denied = new TreeMap<>();
        List<InternalTopic> allowed = new ArrayList<>();
        for (InternalTopic topic : outcome.toCreate()) {
            if (context.access().mayCreateTopic(topic.name())) {
                allowed.add(topic);
            } else {
                denied.put(topic.name(), "not authorized to create it");
            }
        }
        return topics.create(allowed)
                .thenApply(failures -> {
                    SortedMap<String, String> all = new TreeMap<>(denied);
                    all.putAll(failures);
                    return told(outcome, all);
                });
    }

    private static HeartbeatOutcome told(
            HeartbeatOutcome outcome, SortedMap<String, String> failures) {
        if (failures.isEmpty()) {
            return outcome;
        }
        String detail =
                failures.entrySet().stream()
                        .map(failure -> failure.getKey() + ": " + failure.getValue())
                        .collect(Collectors.joining("; ", " Not created: ", ""));
        List<Status> statuses =
                outcome.statuses().stream()
                        .map(status ->
                                status.kind() == Status.Kind.MISSING_INTERNAL_TOPICS
                                        ? new Status(status.kind(), status.detail() + "." + detail)
                                        : status)
                        .toList();
        return outcome.with(statuses);
    }
}
