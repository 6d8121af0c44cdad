package io.leat.broker.group;

import io.leat.broker.group.assign.Topics;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.broker.group.settings.GroupConfigs;
import java.util.function.Predicate;

/**
 * What decisions on groups read besides the group.
 *
 * @param config the broker's limits and waits
 * @param settings what is set on single groups
 * @param topics the topics as they are when a decision is made
 * @param shareGroup whether an id is that of a share group, as far as the loop's turn has come
 */
record Surroundings(
        GroupConfig config, GroupConfigs settings, Topics topics, Predicate<String> shareGroup) {}
