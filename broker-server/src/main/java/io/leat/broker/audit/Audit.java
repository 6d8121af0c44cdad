package io.leat.broker.audit;

import io.leat.broker.access.Denials;
import io.leat.broker.access.Operation;
import io.leat.broker.access.Reserved;
import io.leat.broker.access.ResourceType;
import io.leat.broker.api.ClientConnection;
import io.leat.broker.api.RequestContext;
import io.leat.broker.api.Witness;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.AppendOutcome.Refusal;
import io.leat.storage.api.Durability;
import io.leat.wire.ApiKey;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import io.leat.wire.record.RecordBatchBuilder;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the audit topic. Events wait in a bounded queue for one thread; when it is full they are
 * counted and reported instead: an attacker must not be able to stop the broker by being refused.
 * Those that the disk does not take now are written when it does. The same denial is written once
 * in {@value #REPEAT_MILLIS} ms.
 */
public final class Audit implements Witness, Denials, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    private static final long REPEAT_MILLIS = 10_000;
    private static final int QUEUE_MAX = 10_000;
    private static final int BATCH_MAX = 500;
    private static final int REMEMBERED_MAX = 10_000;
    private static final long CLOSE_MILLIS_MAX = 500;
    private static final long RETRY_MILLIS = 200;

    /** What a name is cut to: topics' names are no longer, and strangers choose others. */
    private static final int NAME_CHARS_MAX = 249;

    private static final Map<String, String> TOPIC_CONFIG = Map.of("retention.ms", "7776000000");

    private static final Set<ApiKey> CHANGES =
            EnumSet.of(
                    ApiKey.CREATE_TOPICS,
                    ApiKey.DELETE_TOPICS,
                    ApiKey.DELETE_RECORDS,
                    ApiKey.CREATE_PARTITIONS,
                    ApiKey.ALTER_CONFIGS,
                    ApiKey.INCREMENTAL_ALTER_CONFIGS,
                    ApiKey.CREATE_ACLS,
                    ApiKey.DELETE_ACLS,
                    ApiKey.ALTER_USER_SCRAM_CREDENTIALS,
                    ApiKey.ALTER_CLIENT_QUOTAS,
                    ApiKey.UPDATE_FEATURES,
                    ApiKey.DELETE_GROUPS,
                    ApiKey.OFFSET_DELETE,
                    ApiKey.ALTER_SHARE_GROUP_OFFSETS,
                    ApiKey.DELETE_SHARE_GROUP_OFFSETS,
                    ApiKey.LEAT_ERASE_KEYS);

    private record Repeatable(String principal, Operation operation, String resource) {}

    private final TopicCatalog topics;
    private final InstantSource clock;
    private final BlockingQueue<AuditEvent> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final Map<Repeatable, Long> denied = new ConcurrentHashMap<>();
    private final LongAdder lost = new LongAdder();
    private final Thread writer;
    private volatile boolean closing;
    private boolean failing;

    /** Makes the topic where it is not there, and begins. */
    public Audit(TopicCatalog topics, InstantSource clock) {
        this.topics = topics;
        this.clock = clock;
        if (topics.find(Reserved.AUDIT_TOPIC).isEmpty()) {
            topics.create(Reserved.AUDIT_TOPIC, 1, TOPIC_CONFIG);
        }
        this.writer = Thread.ofVirtual().name("leat-audit").start(this::run);
    }

    @Override
    public boolean watches(ApiKey api) {
        return CHANGES.contains(api);
    }

    @Override
    public void answered(
            ApiKey api, RequestContext context, RequestMessage request, ResponseMessage response) {
        ClientConnection connection = context.connection();
        add(
                new AuditEvent.Change(
                        clock.millis(),
                        connection.principal(),
                        host(connection.remote()),
                        api.apiName(),
                        request,
                        response));
    }

    @Override
    public void denied(
            String principal, String host, Operation operation, ResourceType type, String name) {
        long now = clock.millis();
        if (denied.size() >= REMEMBERED_MAX) {
            denied.clear();
        }
        String resource = cut(name);
        Repeatable denial = new Repeatable(principal, operation, type + " " + resource);
        Long last = denied.put(denial, now);
        if (last != null && now - last < REPEAT_MILLIS) {
            denied.put(denial, last);
            return;
        }
        add(new AuditEvent.Denial(now, principal, host, operation, type, resource));
    }

    /** Somebody was not let in. */
    public void loginFailed(ClientConnection connection, String mechanism, String user) {
        add(
                new AuditEvent.FailedLogin(
                        clock.millis(),
                        "User:" + cut(user),
                        host(connection.remote()),
                        connection.listener(),
                        mechanism));
    }

    private static String host(InetSocketAddress address) {
        return address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
    }

    private static String cut(String name) {
        return name.length() <= NAME_CHARS_MAX ? name : name.substring(0, NAME_CHARS_MAX) + "...";
    }

    private void add(AuditEvent event) {
        if (!queue.offer(event)) {
            lost.increment();
        }
    }

    private void run() {
        List<AuditEvent> events = new ArrayList<>();
        try {
            while (!closing || !queue.isEmpty() || !events.isEmpty()) {
                AuditEvent first = events.isEmpty() ? queue.poll(100, TimeUnit.MILLISECONDS) : null;
                if (first != null) {
                    events.add(first);
                    queue.drainTo(events, BATCH_MAX - 1);
                }
                if (events.isEmpty()) {
                    continue;
                }
                if (isOver(events)) {
                    events.clear();
                } else {
                    Thread.sleep(RETRY_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes events; false where that is to be tried again. */
    private boolean isOver(List<AuditEvent> events) {
        long dropped = lost.sumThenReset();
        if (dropped > 0) {
            LOG.error("{} audit events were not written: more came than the disk takes", dropped);
        }
        try {
            RecordBatchBuilder batch = RecordBatchBuilder.growable(4_096);
            for (AuditEvent event : events) {
                byte[] json = event.json().getBytes(StandardCharsets.UTF_8);
                batch.append(event.timeMillis(), null, json);
            }
            Optional<Topic> topic = topics.find(Reserved.AUDIT_TOPIC);
            if (topic.isEmpty()) {
                throw new IllegalStateException("the topic is gone");
            }
            AppendOutcome outcome =
                    topic.get()
                            .partitions()
                            .getFirst()
                            .log()
                            .append(batch.build(), Durability.FORCED)
                            .join();
            if (outcome instanceof AppendOutcome.Refused refused) {
                return isOver(events, refused);
            }
            failing = false;
        } catch (RuntimeException e) {
            LOG.error("{} audit events could not be written", events.size(), e);
        }
        return true;
    }

    private boolean isOver(List<AuditEvent> events, AppendOutcome.Refused refused) {
        boolean passing =
                refused.reason() == Refusal.STORAGE_FAILED
                        || refused.reason() == Refusal.OVERLOADED;
        if (!passing || closing) {
            LOG.error("{} audit events are lost: {}", events.size(), refused.message());
            return true;
        }
        if (!failing) {
            failing = true;
            LOG.error("Audit events have to wait: {}", refused.message());
        }
        return false;
    }

    /** Writes what is waiting, and ends. */
    @Override
    public void close() {
        closing = true;
        try {
            if (!writer.join(java.time.Duration.ofMillis(CLOSE_MILLIS_MAX))) {
                LOG.error("{} audit events were not written before the stop", queue.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
