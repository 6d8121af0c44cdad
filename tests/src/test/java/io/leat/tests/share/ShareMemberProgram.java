package io.leat.tests.share;

import io.leat.tests.share.ShareEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Members of a share group in a process of their own, to be killed. A record whose value begins
 * with {@code poison} fails: mostly it is released, at times rejected, and at times it brings the
 * whole process down. Arguments: bootstrap, topic, group, name, members, seed.
 */
public final class ShareMemberProgram implements Runnable {
    private final String bootstrap;
    private final String topic;
    private final String group;
    private final String name;
    private final Random random;

    private ShareMemberProgram(String[] arguments, int number) {
        bootstrap = arguments[0];
        topic = arguments[1];
        group = arguments[2];
        name = arguments[3] + "-" + number;
        random = new Random(Long.parseLong(arguments[5]) * 31 + number);
    }

    public static void main(String[] arguments) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < Integer.parseInt(arguments[4]); number++) {
            threads.add(Thread.ofPlatform().start(new ShareMemberProgram(arguments, number)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Override
    public void run() {
        Properties config = new Properties();
        config.put("bootstrap.servers", bootstrap);
        config.put("group.id", group);
        config.put("client.id", name);
        config.put("share.acknowledgement.mode", "explicit");
        config.put("max.poll.records", "20");
        config.put("reconnect.backoff.max.ms", "200");
        try (var consumer =
                new KafkaShareConsumer<>(
                        config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            consumer.setAcknowledgementCommitCallback(this::answered);
            while (true) {
                poll(consumer);
            }
        }
    }

    private final Map<String, Kind> asked = new ConcurrentHashMap<>();

    private void poll(KafkaShareConsumer<String, String> consumer) {
        try {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
                work(consumer, record);
            }
            consumer.commitSync();
        } catch (KafkaException | IllegalStateException e) {
            System.out.println(name + " goes on after " + e);
        }
    }

    private void work(
            KafkaShareConsumer<String, String> consumer, ConsumerRecord<String, String> record) {
        int count = record.deliveryCount().orElse((short) 0);
        tell(Kind.DELIVERED, record.partition(), record.offset(), count);
        String key = record.partition() + "/" + record.offset();
        if (record.value().startsWith("poison")) {
            int draw = random.nextInt(10);
            if (draw == 0) {
                System.out.println(name + " is brought down by " + key);
                System.out.flush();
                Runtime.getRuntime().halt(1);
            }
            boolean rejects = draw == 1;
            if (rejects) {
                asked.put(key, Kind.REJECTED);
            }
            consumer.acknowledge(
                    record, rejects ? AcknowledgeType.REJECT : AcknowledgeType.RELEASE);
            return;
        }
        tell(Kind.ACCEPTING, record.partition(), record.offset(), count);
        asked.put(key, Kind.ACCEPTED);
        consumer.acknowledge(record, AcknowledgeType.ACCEPT);
    }

    private void answered(Map<TopicIdPartition, Set<Long>> offsets, Exception failure) {
        offsets.forEach((partition, all) -> {
            for (long offset : all) {
                Kind kind = asked.remove(partition.partition() + "/" + offset);
                if (kind != null) {
                    tell(failure == null ? kind : Kind.REFUSED, partition.partition(), offset, 0);
                }
            }
        });
    }

    private void tell(Kind kind, int partition, long offset, int count) {
        System.out.println(
                new ShareEvent(kind, name, partition, offset, count, System.nanoTime()).toLine());
    }
}
