package io.leat.broker.group;

import io.leat.broker.coordinator.StateListener;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log when groups come, go and rebalance: one line for each generation. */
final class GroupLog implements StateListener<String, Group> {
    private static final Logger LOG = LoggerFactory.getLogger(GroupLog.class);

    @Override
    public void published(String groupId, Optional<Group> before, Optional<Group> after) {
        if (before.isEmpty()) {
            return; // loaded, or not in any generation yet
        }
        if (after.isEmpty()) {
            LOG.info("Group {} is gone", groupId);
            return;
        }
        Membership now = after.get().membership();
        if (now.generation() != before.get().membership().generation()) {
            LOG.info(
                    "Group {} is in generation {}: {} members, {} {}",
                    groupId,
                    now.generation(),
                    now.members().size(),
                    now.protocolType().orElse("no protocol"),
                    now.protocolName().orElse(""));
        }
    }
}
