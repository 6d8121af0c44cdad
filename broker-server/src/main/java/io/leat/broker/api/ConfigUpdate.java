package io.leat.broker.api;

import io.leat.broker.config.ConfigChange;
import java.util.List;
import java.util.Map;

/** How a resource's configuration is to change. */
public sealed interface ConfigUpdate {
    /** Every key that the update names. */
    List<String> keys();

    /** AlterConfigs: what is not named goes back to its default. */
    record Replace(Map<String, String> values) implements ConfigUpdate {
        @Override
        public List<String> keys() {
            return List.copyOf(values.keySet());
        }
    }

    /** IncrementalAlterConfigs (KIP-339): what is not named stays. */
    record Edit(List<ConfigChange> changes) implements ConfigUpdate {
        @Override
        public List<String> keys() {
            return changes.stream().map(ConfigChange::name).toList();
        }
    }
}
