package io.leat.tests.admin;

import java.util.HashMap;
import java.util.Map;

/** Where Leat answers something else than Apache Kafka, and why that is right. */
final class Differences {
    private static final String OWN = "log.retention.ms=604800000/DEFAULT_CONFIG";
    private static final String HOURS = "log.retention.hours=168/DEFAULT_CONFIG";
    private static final Map<String, Difference> BY_ROW = new HashMap<>();

    static {
        defaultsOfRetention();
        differ(
                "describeConfigs: broker, set at start",
                "1 STATIC_BROKER_CONFIG INT readOnly=true sensitive=false"
                        + " [node.id=1/STATIC_BROKER_CONFIG]",
                "1 STATIC_BROKER_CONFIG INT readOnly=true sensitive=false"
                        + " [node.id=1/STATIC_BROKER_CONFIG, node.id=0/DEFAULT_CONFIG]",
                "one broker need not be told its number");
        differ(
                "describeConfigs: all brokers, nothing set",
                "[min.insync.replicas]",
                "[]",
                "Kafka sets it where a cluster is formatted with eligible leader replicas"
                        + " (KIP-966)");
        differ(
                "broker config: unknown key",
                "ok",
                "InvalidRequestException",
                "Kafka keeps what no broker reads: a misspelt key is told here, with its"
                        + " neighbour");
        differ(
                "streams groups: names of settings",
                "[streams.assignment.interval.ms, streams.assignor.name,"
                        + " streams.heartbeat.interval.ms, streams.initial.rebalance.delay.ms,"
                        + " streams.num.standby.replicas, streams.rack.aware.assignment.tags,"
                        + " streams.session.timeout.ms]",
                "[streams.acceptable.recovery.lag, streams.assignment.interval.ms,"
                        + " streams.heartbeat.interval.ms, streams.initial.rebalance.delay.ms,"
                        + " streams.num.standby.replicas, streams.num.warmup.replicas,"
                        + " streams.session.timeout.ms, streams.task.offset.interval.ms]",
                "Kafka takes three of them without showing them; there is one assignor here, and it"
                        + " does not look at tags");
    }

    /** Kafka's {@code log.retention.ms} has no default: behind it stands log.retention.hours. */
    private static void defaultsOfRetention() {
        String reason = "log.retention.ms has a default of its own, the same seven days";
        String tail = " DYNAMIC_TOPIC_CONFIG LONG readOnly=false sensitive=false [retention.ms=";
        for (var row :
                Map.of(
                                "describeConfigs: topic, set",
                                "1000",
                                "incrementalAlterConfigs: set, seen",
                                "2000")
                        .entrySet()) {
            String text = row.getValue() + tail + row.getValue() + "/DYNAMIC_TOPIC_CONFIG";
            differ(row.getKey(), text + "]", text + ", " + OWN + "]", reason);
        }
        String unset = "604800000 DEFAULT_CONFIG LONG readOnly=false sensitive=false [";
        for (String row :
                new String[] {
                    "incrementalAlterConfigs: delete, seen",
                    "incrementalAlterConfigs: validated only"
                }) {
            differ(row, unset + "]", unset + OWN + "]", reason);
        }
        differ(
                "broker config: deleted",
                "null DEFAULT_CONFIG LONG readOnly=false sensitive=false []",
                unset + OWN + "]",
                reason);
        String all =
                "3000 DYNAMIC_DEFAULT_BROKER_CONFIG LONG readOnly=false sensitive=false"
                        + " [log.retention.ms=3000/DYNAMIC_DEFAULT_BROKER_CONFIG";
        String one =
                "4000 DYNAMIC_BROKER_CONFIG LONG readOnly=false sensitive=false"
                        + " [log.retention.ms=4000/DYNAMIC_BROKER_CONFIG,"
                        + " log.retention.ms=3000/DYNAMIC_DEFAULT_BROKER_CONFIG";
        differ("broker config: for all, seen", all + "]", all + ", " + OWN + "]", reason);
        for (String where : new String[] {"at the broker", "at the topic"}) {
            differ(
                    "broker config: for all, seen " + where,
                    all + ", " + HOURS + "]",
                    all + ", " + OWN + "]",
                    reason);
            differ(
                    "broker config: for one, seen " + where,
                    one + ", " + HOURS + "]",
                    one + ", " + OWN + "]",
                    reason);
        }
    }

    private Differences() {}

    /** What both answer, and why. */
    record Difference(String kafka, String leat, String reason) {}

    static Map<String, Difference> byRow() {
        return BY_ROW;
    }

    private static void differ(String row, String kafka, String leat, String reason) {
        BY_ROW.put(row, new Difference(kafka, leat, reason));
    }
}
