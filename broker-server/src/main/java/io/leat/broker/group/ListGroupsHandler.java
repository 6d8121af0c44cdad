package io.leat.broker.group;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.group.member.GroupType;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ListGroupsRequest;
import io.leat.wire.message.ListGroupsResponse;
import io.leat.wire.message.ListGroupsResponse.ListedGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lists groups by state and type, in the order of their ids. */
final class ListGroupsHandler implements ApiHandler<ListGroupsRequest, ListGroupsResponse> {
    private final Groups groups;

    ListGroupsHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public CompletionStage<ListGroupsResponse> handle(
            RequestContext context, ListGroupsRequest request) {
        List<ListedGroup> listed = new ArrayList<>();
        groups.forEach((id, group) -> {
            String state = group.membership().roster().state();
            String type = group.membership().type().displayName();
            if (passes(request.statesFilter(), state) && passes(request.typesFilter(), type)) {
                listed.add(
                        new ListedGroup(
                                id,
                                group.membership().roster().protocolType().orElse(""),
                                state,
                                type));
            }
        });
        groups.shareGroups()
                .forEach((id, state) -> {
                    String type = GroupType.SHARE.displayName();
                    if (passes(request.statesFilter(), state)
                            && passes(request.typesFilter(), type)) {
                        listed.add(new ListedGroup(id, "share", state, type));
                    }
                });
        listed.sort(Comparator.comparing(ListedGroup::groupId));
        return CompletableFuture.completedFuture(
                new ListGroupsResponse(0, ErrorCode.NONE.code(), listed));
    }

    private static boolean passes(List<String> filter, String name) {
        return filter.isEmpty() || filter.stream().anyMatch(f -> f.strip().equalsIgnoreCase(name));
    }
}
