package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** Deletes groups that have no members, with their offsets. */
@Message(from = 0, to = 3, flexibleFrom = 2)
public record DeleteGroupsRequest(List<String> groupsNames) implements RequestMessage {}
