package io.leat.broker.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.broker.network.RawClient;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ConsumerGroupHeartbeatRequest;
import io.leat.wire.message.ConsumerGroupHeartbeatRequest.TopicPartitions;
import io.leat.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A member may say that it owns anything: few bytes must not make the broker remember many. */
class ClaimedPartitionsTest {
    private static final int TOPICS = 1_000;
    private static final int PARTITION = 1 << 20;

    private static short claim(RawClient client, List<TopicPartitions> owned) throws Exception {
        ConsumerGroupHeartbeatRequest request =
                new ConsumerGroupHeartbeatRequest(
                        "g", "m", 1, null, null, -1, null, null, null, owned);
        client.send(
                ApiKey.CONSUMER_GROUP_HEARTBEAT,
                1,
                1,
                ConsumerGroupHeartbeatRequest.class,
                request);
        return client.receive(
                        ApiKey.CONSUMER_GROUP_HEARTBEAT, 1, 1, ConsumerGroupHeartbeatResponse.class)
                .errorCode();
    }

    @Test
    void claimsThatNoBrokerCanHaveAreRefusedBeforeTheyAreGathered() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(Map.of());
                RawClient client = new RawClient(broker.broker().address())) {
            assertEquals(
                    ErrorCode.INVALID_REQUEST.code(),
                    claim(
                            client,
                            List.of(
                                    new TopicPartitions(
                                            new UUID(0, 7), List.of(Integer.MAX_VALUE)))));
            List<TopicPartitions> many =
                    IntStream.range(0, TOPICS)
                            .mapToObj(i -> new TopicPartitions(new UUID(1, i), List.of(PARTITION)))
                            .toList();
            assertEquals(ErrorCode.INVALID_REQUEST.code(), claim(client, many));
            assertEquals(
                    ErrorCode.UNKNOWN_MEMBER_ID.code(),
                    claim(client, List.of(new TopicPartitions(new UUID(0, 7), List.of(999)))),
                    "what may be, and is not");
        }
    }
}
