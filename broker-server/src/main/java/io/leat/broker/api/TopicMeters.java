package io.leat.broker.api;

/** Told of records that come and go, for metrics. Called by event loops: count and return. */
public interface TopicMeters {
    /** A batch was appended. */
    void produced(String topic, int bytes, int records);

    /** Batches are on their way to a consumer. */
    void fetched(String topic, int bytes, int records);

    /** Counts nothing. */
    TopicMeters NONE =
            new TopicMeters() {
                @Override
                public void produced(String topic, int bytes, int records) {}

                @Override
                public void fetched(String topic, int bytes, int records) {}
            };
}
