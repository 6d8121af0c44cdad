package io.leat.broker.group;

import io.leat.broker.coordinator.StateListener;
import io.leat.broker.group.member.Roster;
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
        Roster now = after.get().membership().roster();
        if (now.epoch() != before.get().membership().roster().epoch()) {
            LOG.info(
                    "Group {} is in epoch {}: {} members, {}, {}",
                    groupId,
                    now.epoch(),
                    now.size(),
                    after.get().membership().type().noun(),
                    now.state());
        }
    }
}
