package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.client.AssignedPartition.Need;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AssignmentTest {
    private final TopicPartition partition = new TopicPartition("t", 0);
    private final Assignment assignment = new Assignment();

    /** What was asked for before a partition was taken away must not move it when it is back. */
    @Test
    void anAnswerFromBeforeAPartitionWasTakenAwayIsNoneForItWhenItIsBack() {
        assignment.set(Set.of(partition));
        assignment.seek(partition, 5_000);
        Assignment.Task asked = assignment.fetchable().get(0);
        assignment.set(Set.of());
        assignment.set(Set.of(partition));
        assignment.seek(partition, 0);

        assignment.update(asked, late -> late.jumpTo(6_000));

        assertEquals(0, assignment.position(partition));
        assertEquals(0, assignment.fetchable().get(0).offset());
    }

    @Test
    void aPartitionThatIsPausedWhileItsPositionIsLookedUpGoesOnLater() {
        assignment.set(Set.of(partition));
        List<Assignment.Task> lookUps = assignment.startLookUps(Need.COMMITTED);
        assertEquals(1, lookUps.size());
        assignment.pause(partition);

        assignment.update(lookUps.get(0), found -> found.jumpTo(7));
        assertTrue(assignment.fetchable().isEmpty(), "it is paused");
        assignment.resume(partition);

        assertEquals(7, assignment.fetchable().get(0).offset());
        assertFalse(assignment.isLookingUp());
    }
}
