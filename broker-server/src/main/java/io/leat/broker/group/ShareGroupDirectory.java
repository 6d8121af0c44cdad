package io.leat.broker.group;

import io.leat.wire.ErrorCode;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/** The share groups, which are listed and deleted like all others. Any thread; never blocks. */
public interface ShareGroupDirectory {
    /** There are none. */
    ShareGroupDirectory NONE =
            new ShareGroupDirectory() {
                @Override
                public void forEach(BiConsumer<String, String> visitor) {}

                @Override
                public boolean has(String groupId) {
                    return false;
                }

                @Override
                public boolean inTurn(String groupId) {
                    return false;
                }

                @Override
                public CompletionStage<ErrorCode> delete(String groupId) {
                    throw new IllegalStateException("there is no share group " + groupId);
                }
            };

    /** Shows every group's id and its state as ListGroups names it. */
    void forEach(BiConsumer<String, String> visitor);

    boolean has(String groupId);

    /** Whether it is there, as far as the loop's turn has come. On the loop's thread. */
    boolean inTurn(String groupId);

    /** Deletes a group that is there and has no members, durably. */
    CompletionStage<ErrorCode> delete(String groupId);
}
