package io.leat.broker.access;

import io.leat.wire.ApiKey;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * What each API needs. The router refuses to serve an API that is not in here.
 *
 * <p><b>Adding an API.</b> Write its rule beside its kin ({@link RecordRules}, {@link TopicRules},
 * {@link ConfigRules}, {@link GroupRules}, {@link ShareRules}, {@link OffsetRules}, {@link
 * TransactionRules}, {@link ClusterRules}, {@link AdminRules}) as Apache Kafka has it, with {@link
 * Split} where it answers part by part and with {@link Verdict} otherwise, and name it in their
 * {@code addTo}:
 *
 * <pre>{@code
 * rules.add(ApiKey.HEARTBEAT, HeartbeatRequest.class, HeartbeatResponse.class, GroupRules::heartbeat);
 * }</pre>
 *
 * Then add a request of it to {@code AccessRulesTest}, which knows every API and wants each to be
 * refused to somebody who may do nothing.
 *
 * <p>Immutable once made; any thread.
 */
public final class AccessRules {
    private record Entry(Class<?> request, Class<?> response, Rule<?, ?> rule) {}

    private final Map<ApiKey, Entry> rules = new EnumMap<>(ApiKey.class);

    /**
     * Makes the rules.
     *
     * @param topics tells the names of topics that requests name by id
     */
    public AccessRules(TopicNames topics) {
        new RecordRules(topics).addTo(this);
        new TopicRules(topics).addTo(this);
        GroupRules.addTo(this);
        new ConsumerGroupRules(topics).addTo(this);
        ShareRules.addTo(this);
        StreamsGroupRules.addTo(this);
        new OffsetRules(topics).addTo(this);
        new TransactionRules(topics).addTo(this);
        ConfigRules.addTo(this);
        ClusterRules.addTo(this);
        SecurityRules.addTo(this);
        AdminRules.addTo(this);
    }

    <Q extends RequestMessage, R extends ResponseMessage> AccessRules add(
            ApiKey api, Class<Q> request, Class<R> response, Rule<Q, R> rule) {
        if (rules.putIfAbsent(api, new Entry(request, response, rule)) != null) {
            throw new IllegalStateException(api + " has a rule already");
        }
        return this;
    }

    /** The APIs that have a rule. */
    public Set<ApiKey> apis() {
        return rules.keySet();
    }

    /**
     * Makes sure that an API can be judged.
     *
     * @throws IllegalStateException when it has no rule, or one for other messages
     */
    public void require(ApiKey api, Class<?> request, Class<?> response) {
        Entry entry = rules.get(api);
        if (entry == null) {
            throw new IllegalStateException(
                    api + " has no access rule; see how to add one in " + AccessRules.class);
        }
        if (entry.request() != request || entry.response() != response) {
            throw new IllegalStateException("The access rule of " + api + " is for other messages");
        }
    }

    /**
     * Says what becomes of a request.
     *
     * @param access what the client may do
     * @param version the request's version
     */
    @SuppressWarnings("unchecked") // a rule is added with its messages, which require() compares
    public <Q extends RequestMessage, R extends ResponseMessage> Verdict<Q, R> judge(
            ApiKey api, Access access, short version, Q request) {
        Entry entry = rules.get(api);
        if (entry == null) {
            throw new IllegalStateException(api + " has no access rule");
        }
        return ((Rule<Q, R>) entry.rule()).judge(access, version, request);
    }
}
