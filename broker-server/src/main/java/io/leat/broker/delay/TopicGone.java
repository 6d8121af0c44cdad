package io.leat.broker.delay;

import io.leat.storage.api.StateStore.Write;
import java.util.List;
import java.util.UUID;

/** A topic was deleted: so is all that was pending of it. */
record TopicGone(DelayLoop loop, UUID topicId, List<Lane> lanes) implements DelayLoop.Event {
    @Override
    public boolean decide(Round round) {
        for (Lane lane : lanes) {
            if (!lane.closed()) {
                lane.close();
            }
            lane.wake().forEach(event -> DelayLoop.decide(event, round));
        }
        deletion(topicId).forEach(round::write);
        return true;
    }

    /** What deletes everything of a topic. */
    static List<Write> deletion(UUID topicId) {
        return DelayFormat.KINDS.stream()
                .map(kind -> DelayFormat.topicPrefix(kind, topicId))
                .<Write>map(prefix -> new Write.DeleteRange(prefix, DelayFormat.behind(prefix)))
                .toList();
    }

    @Override
    public void failed(String why) {
        loop.later(this, DelayLoop.RETRY_MILLIS);
    }
}
