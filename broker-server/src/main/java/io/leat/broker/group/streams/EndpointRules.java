package io.leat.broker.group.streams;

import io.leat.broker.group.streams.HeartbeatOutcome.EndpointPartitions;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Who answers interactive queries on which partitions. Pure. */
final class EndpointRules {
    private EndpointRules() {}

    /** One entry for each member that has an endpoint. */
    static List<EndpointPartitions> tell(StreamsMembership membership) {
        List<EndpointPartitions> all = new ArrayList<>();
        for (StreamsMember member : membership.all()) {
            member.endpoint()
                    .ifPresent(endpoint -> {
                        Tasks own = member.standing().assigned();
                        all.add(
                                new EndpointPartitions(
                                        endpoint,
                                        partitions(own.active(), membership.resolved()),
                                        partitions(
                                                own.standby().plus(own.warmup()),
                                                membership.resolved())));
                    });
        }
        return all;
    }

    /** A task reads its partition of each topic that has so many. */
    private static SortedMap<String, List<Integer>> partitions(
            TaskSet tasks, ResolvedTopology resolved) {
        SortedMap<String, List<Integer>> all = new TreeMap<>();
        for (Task task : tasks) {
            ResolvedTopology.Part part = resolved.parts().get(task.subtopology());
            if (part == null) {
                continue;
            }
            part.sources()
                    .forEach((topic, count) -> {
                        if (task.partition() < count) {
                            all.computeIfAbsent(topic, name -> new ArrayList<>())
                                    .add(task.partition());
                        }
                    });
        }
        return all;
    }
}
