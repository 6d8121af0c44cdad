package io.leat.cli.command;

import io.leat.client.Admin;
import io.leat.client.GroupListing;
import io.leat.client.GroupType;
import io.leat.client.OffsetAndMetadata;
import io.leat.client.ShareOffset;
import io.leat.client.TopicPartition;
import java.util.HashMap;
import java.util.Map;

/** Where a group goes on reading, whatever its type. */
sealed interface GroupPositions {
    /** By partition; without those that the group has not begun with. */
    Map<TopicPartition, Long> current();

    /** Sets them; the group must have no members. */
    void set(Map<TopicPartition, Long> positions);

    /** Those of a group that may not be there yet: then one that commits offsets is to begin. */
    static GroupPositions of(Admin admin, String groupId) {
        boolean share =
                admin.listGroups().stream()
                        .filter(group -> group.groupId().equals(groupId))
                        .map(GroupListing::type)
                        .anyMatch(GroupType.SHARE::equals);
        return share ? new Started(admin, groupId) : new Committed(admin, groupId);
    }

    /** Offsets that the members commit. */
    record Committed(Admin admin, String groupId) implements GroupPositions {
        @Override
        public Map<TopicPartition, Long> current() {
            Map<TopicPartition, Long> positions = new HashMap<>();
            admin.listGroupOffsets(groupId)
                    .forEach((partition, offset) -> positions.put(partition, offset.offset()));
            return positions;
        }

        @Override
        public void set(Map<TopicPartition, Long> positions) {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            positions.forEach(
                    (partition, offset) -> offsets.put(partition, OffsetAndMetadata.of(offset)));
            admin.alterGroupOffsets(groupId, offsets);
        }
    }

    /** Where a share group's delivery begins. */
    record Started(Admin admin, String groupId) implements GroupPositions {
        @Override
        public Map<TopicPartition, Long> current() {
            Map<TopicPartition, Long> positions = new HashMap<>();
            Map<TopicPartition, ShareOffset> offsets = admin.listShareGroupOffsets(groupId);
            offsets.forEach((partition, offset) -> positions.put(partition, offset.start()));
            return positions;
        }

        @Override
        public void set(Map<TopicPartition, Long> positions) {
            admin.alterShareGroupOffsets(groupId, positions);
        }
    }
}
