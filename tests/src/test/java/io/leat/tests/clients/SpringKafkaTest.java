package io.leat.tests.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.kafka.transaction.KafkaTransactionManager;
import org.springframework.util.backoff.FixedBackOff;

/** Spring Kafka: listeners, batches, dead letters, transactions. */
class SpringKafkaTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int ATTEMPTS = 3;

    private static TestBroker broker;
    private static AnnotationConfigApplicationContext spring;

    @BeforeAll
    static void start() {
        broker = TestBrokers.start();
        spring = new AnnotationConfigApplicationContext(Beans.class);
    }

    @AfterAll
    static void stop() {
        spring.close();
        broker.close();
    }

    @Test
    void aPoisonedRecordGoesToTheDeadLetterTopic() {
        Listeners listeners = spring.getBean(Listeners.class);
        KafkaTemplate<String, String> template = plainTemplate();
        for (String value : List.of("one", "poison", "two", "three")) {
            template.send("orders", "k", value).join();
        }
        Await.until(
                () -> "heard " + listeners.orders + ", dead " + listeners.dead,
                LIMIT,
                () -> listeners.orders.size() == 3 && listeners.dead.size() == 1);
        assertEquals(List.of("one", "two", "three"), List.copyOf(listeners.orders));
        assertEquals(ATTEMPTS, listeners.poisonAttempts.get());
        ConsumerRecord<String, String> dead = listeners.dead.peek();
        assertEquals("poison", dead.value());
        assertEquals("orders", header(dead, KafkaHeaders.DLT_ORIGINAL_TOPIC));
        assertTrue(header(dead, KafkaHeaders.DLT_EXCEPTION_MESSAGE).contains("poison"));
    }

    @Test
    void aBatchListenerGetsBatches() {
        Listeners listeners = spring.getBean(Listeners.class);
        KafkaTemplate<String, String> template = plainTemplate();
        send(template, "batches", 500);
        Await.until(
                () -> "heard " + listeners.batched.size(),
                LIMIT,
                () -> listeners.batched.size() == 500);
        assertEquals(
                IntStream.range(0, 500).mapToObj(Integer::toString).toList(),
                List.copyOf(listeners.batched));
        assertTrue(listeners.batches.get() < 500, "batches of one");
    }

    @Test
    void aTransactionalTemplateCommitsAndRollsBack() {
        KafkaTemplate<String, String> template = transactionalTemplate();
        template.executeInTransaction(t -> t.send("ledger", "a", "kept 1"));
        assertThrows(
                IllegalStateException.class,
                () ->
                        template.executeInTransaction(t -> {
                            var _ = t.send("ledger", "a", "dropped");
                            throw new IllegalStateException("rolls back");
                        }));
        template.executeInTransaction(t -> t.send("ledger", "a", "kept 2"));
        assertEquals(List.of("kept 1", "kept 2"), committed("ledger", 2));
    }

    @Test
    void aListenerReadsProcessesAndWritesInATransaction() {
        KafkaTemplate<String, String> template = plainTemplate();
        send(template, "requests", 100);
        List<String> replies = committed("replies", 100);
        assertEquals(IntStream.range(0, 100).mapToObj(i -> "re " + i).toList(), replies);
        // One of them failed at first, after it had sent its reply.
        assertTrue(spring.getBean(Listeners.class).failedOnce.get() > 0);
    }

    @SuppressWarnings("unchecked")
    private static KafkaTemplate<String, String> plainTemplate() {
        return spring.getBean("plainTemplate", KafkaTemplate.class);
    }

    @SuppressWarnings("unchecked")
    private static KafkaTemplate<String, String> transactionalTemplate() {
        return spring.getBean("transactionalTemplate", KafkaTemplate.class);
    }

    private static void send(KafkaTemplate<String, String> template, String topic, int count) {
        for (int i = 0; i < count; i++) {
            var _ = template.send(topic, "k", Integer.toString(i));
        }
        template.flush();
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static List<String> committed(String topic, int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                broker.bootstrap(),
                                "isolation.level",
                                "read_committed"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Await.until(
                    () -> "read " + values,
                    LIMIT,
                    () -> {
                        consumer.poll(Duration.ofMillis(100)).forEach(r -> values.add(r.value()));
                        return values.size() >= count;
                    });
        }
        return values;
    }

    /** What listens. */
    static class Listeners {
        final Queue<String> orders = new ConcurrentLinkedQueue<>();
        final Queue<ConsumerRecord<String, String>> dead = new ConcurrentLinkedQueue<>();
        final Queue<String> batched = new ConcurrentLinkedQueue<>();
        final AtomicInteger poisonAttempts = new AtomicInteger();
        final AtomicInteger batches = new AtomicInteger();
        final AtomicInteger failedOnce = new AtomicInteger();
        private final KafkaTemplate<String, String> transactional;

        Listeners(KafkaTemplate<String, String> transactional) {
            this.transactional = transactional;
        }

        @KafkaListener(topics = "orders", groupId = "orders", containerFactory = "deadLetters")
        void order(ConsumerRecord<String, String> record) {
            if (record.value().equals("poison")) {
                poisonAttempts.incrementAndGet();
                throw new IllegalArgumentException("poison is not an order");
            }
            orders.add(record.value());
        }

        @KafkaListener(topics = "orders-dlt", groupId = "dead", containerFactory = "deadLetters")
        void dead(ConsumerRecord<String, String> record) {
            dead.add(record);
        }

        @KafkaListener(topics = "batches", groupId = "batches", containerFactory = "batches")
        void batch(List<String> values) {
            batches.incrementAndGet();
            batched.addAll(values);
        }

        @KafkaListener(
                topics = "requests",
                groupId = "requests",
                containerFactory = "inTransaction")
        void request(ConsumerRecord<String, String> record) {
            var _ = transactional.send("replies", record.key(), "re " + record.value());
            if (record.value().equals("50") && failedOnce.getAndIncrement() == 0) {
                throw new IllegalStateException("fails once, with its reply sent");
            }
        }
    }

    @Configuration
    @EnableKafka
    static class Beans {
        private static Map<String, Object> consumers() {
            return Map.of(
                    "bootstrap.servers", broker.bootstrap(),
                    "auto.offset.reset", "earliest",
                    "isolation.level", "read_committed");
        }

        private static DefaultKafkaProducerFactory<String, String> producers() {
            return new DefaultKafkaProducerFactory<>(
                    Map.of("bootstrap.servers", broker.bootstrap()),
                    new StringSerializer(),
                    new StringSerializer());
        }

        private static ConcurrentKafkaListenerContainerFactory<String, String> containers() {
            ConcurrentKafkaListenerContainerFactory<String, String> factory =
                    new ConcurrentKafkaListenerContainerFactory<>();
            factory.setConsumerFactory(
                    new DefaultKafkaConsumerFactory<>(
                            consumers(), new StringDeserializer(), new StringDeserializer()));
            return factory;
        }

        @Bean
        KafkaTemplate<String, String> plainTemplate() {
            return new KafkaTemplate<>(producers());
        }

        @Bean
        DefaultKafkaProducerFactory<String, String> transactionalProducers() {
            DefaultKafkaProducerFactory<String, String> factory = producers();
            factory.setTransactionIdPrefix("spring-");
            return factory;
        }

        @Bean
        KafkaTemplate<String, String> transactionalTemplate() {
            return new KafkaTemplate<>(transactionalProducers());
        }

        @Bean
        ConcurrentKafkaListenerContainerFactory<String, String> deadLetters() {
            ConcurrentKafkaListenerContainerFactory<String, String> factory = containers();
            factory.setCommonErrorHandler(
                    new DefaultErrorHandler(
                            new DeadLetterPublishingRecoverer(plainTemplate()),
                            new FixedBackOff(0, ATTEMPTS - 1)));
            return factory;
        }

        @Bean
        ConcurrentKafkaListenerContainerFactory<String, String> batches() {
            ConcurrentKafkaListenerContainerFactory<String, String> factory = containers();
            factory.setBatchListener(true);
            return factory;
        }

        @Bean
        ConcurrentKafkaListenerContainerFactory<String, String> inTransaction() {
            ConcurrentKafkaListenerContainerFactory<String, String> factory = containers();
            factory.getContainerProperties()
                    .setKafkaAwareTransactionManager(
                            new KafkaTransactionManager<>(transactionalProducers()));
            return factory;
        }

        @Bean
        Listeners listeners() {
            return new Listeners(transactionalTemplate());
        }
    }
}
