package io.leat.client;

import io.leat.client.network.Api;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.FindCoordinatorRequest;
import io.leat.wire.message.FindCoordinatorResponse;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The broker that looks after a group: found when it is needed, and forgotten when it turns out to
 * be another. On the loop.
 */
final class GroupCoordinator {
    private static final byte GROUP_KEY = 0;

    private final Cluster cluster;
    private final String groupId;
    private @Nullable CompletableFuture<Node> node;

    GroupCoordinator(Cluster cluster, String groupId) {
        this.cluster = cluster;
        this.groupId = groupId;
    }

    String groupId() {
        return groupId;
    }

    /** The coordinator, known or looked up. */
    CompletableFuture<Node> node() {
        CompletableFuture<Node> known = node;
        if (known == null || known.isCompletedExceptionally()) {
            FindCoordinatorRequest request =
                    new FindCoordinatorRequest("", GROUP_KEY, List.of(groupId));
            known = cluster.askAny(Apis.FIND_COORDINATOR, request).thenApply(this::read);
            node = known;
        }
        return known;
    }

    private Node read(FindCoordinatorResponse answer) {
        FindCoordinatorResponse.Coordinator found = answer.coordinators().get(0);
        if (found.errorCode() != ErrorCode.NONE.code()) {
            throw BrokerException.of(
                    found.errorCode(), Requests.groupSubject(groupId), found.errorMessage());
        }
        return new Node(found.nodeId(), found.host(), found.port(), Optional.empty());
    }

    /** Looks the coordinator up again before the next question. */
    void forget() {
        node = null;
    }

    /** Forgets the coordinator if the error says that it is another or cannot answer. */
    void noteError(ErrorCode error) {
        if (error == ErrorCode.NOT_COORDINATOR || error == ErrorCode.COORDINATOR_NOT_AVAILABLE) {
            forget();
        }
    }

    /** Asks the coordinator, and forgets it if it gives no answer. */
    <Q extends RequestMessage, R extends ResponseMessage> CompletableFuture<R> ask(
            Lane lane, Api<Q, R> api, Q request) {
        return ask(lane, api, request, cluster.options().requestTimeout());
    }

    /** Asks the coordinator, which may take that long, and forgets it if it gives no answer. */
    <Q extends RequestMessage, R extends ResponseMessage> CompletableFuture<R> ask(
            Lane lane, Api<Q, R> api, Q request, Duration timeout) {
        return node().thenCompose(coordinator ->
                cluster.ask(coordinator, lane, api, request, timeout)
                        .whenComplete((answer, failure) -> {
                            if (failure != null) {
                                forget();
                            }
                        }));
    }
}
