package io.leat.broker.api;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.ConfigKey;
import io.leat.broker.config.GroupKey;
import io.leat.broker.config.TopicKey;
import io.leat.broker.group.settings.GroupSettings;
import io.leat.broker.topic.TopicConfig;
import io.leat.wire.message.CreateTopicsResponse.CreatableTopicConfigs;
import io.leat.wire.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.leat.wire.message.DescribeConfigsResponse.DescribeConfigsSynonym;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Configuration as the admin APIs show it: values, where they come from, what else would hold. */
final class ConfigView {
    /** Types of resources, as the protocol numbers them. */
    static final byte TOPIC = 2;

    static final byte BROKER = 4;

    static final byte BROKER_LOGGER = 8;

    static final byte CLIENT_METRICS = 16;

    static final byte GROUP = 32;

    /** Where a value comes from, as the protocol numbers it (KIP-226). */
    enum Source {
        TOPIC(1),
        BROKER_FILE(4),
        DEFAULT(5),
        GROUP(8);

        private final byte code;

        Source(int code) {
            this.code = (byte) code;
        }

        byte code() {
            return code;
        }
    }

    private ConfigView() {}

    /** A topic's config as CreateTopics answers it. */
    static CreatableTopicConfigs created(TopicKey<?> key, TopicConfig config, BrokerConfig broker) {
        return new CreatableTopicConfigs(
                key.name(), config.text(key), false, source(key, config, broker).code(), false);
    }

    /** A topic's config as DescribeConfigs answers it. */
    static DescribeConfigsResourceResult described(
            TopicKey<?> key,
            TopicConfig config,
            BrokerConfig broker,
            boolean synonyms,
            boolean documentation) {
        return new DescribeConfigsResourceResult(
                key.name(),
                config.text(key),
                false,
                source(key, config, broker).code(),
                false,
                synonyms ? synonyms(key, config, broker) : List.of(),
                key.key().type().code(),
                documentation ? documentation(key.key()) : null);
    }

    /** A group's config as DescribeConfigs answers it (KIP-848). */
    static DescribeConfigsResourceResult described(
            GroupKey<?> key,
            GroupSettings settings,
            BrokerConfig broker,
            boolean synonyms,
            boolean documentation) {
        return new DescribeConfigsResourceResult(
                key.name(),
                settings.text(key),
                false,
                source(key, settings, broker).code(),
                false,
                synonyms ? synonyms(key, settings, broker) : List.of(),
                key.key().type().code(),
                documentation ? documentation(key.key()) : null);
    }

    private static Source source(GroupKey<?> key, GroupSettings settings, BrokerConfig broker) {
        if (settings.overrides().containsKey(key.name())) {
            return Source.GROUP;
        }
        return key.synonym().filter(broker::isSet).isPresent()
                ? Source.BROKER_FILE
                : Source.DEFAULT;
    }

    private static List<DescribeConfigsSynonym> synonyms(
            GroupKey<?> key, GroupSettings settings, BrokerConfig broker) {
        List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
        String override = settings.overrides().get(key.name());
        if (override != null) {
            synonyms.add(synonym(key.name(), override, Source.GROUP));
        }
        key.synonym()
                .filter(broker::isSet)
                .ifPresent(named ->
                        synonyms.add(
                                synonym(named.name(), broker.text(named), Source.BROKER_FILE)));
        synonyms.add(
                key.synonym().isPresent()
                        ? synonym(
                                key.synonym().get().name(),
                                key.synonym().get().defaultText(),
                                Source.DEFAULT)
                        : synonym(key.name(), key.key().defaultText(), Source.DEFAULT));
        return synonyms;
    }

    /** A broker's config as DescribeConfigs answers it. It is read at start, so it is read-only. */
    static DescribeConfigsResourceResult described(
            ConfigKey<?> key, BrokerConfig broker, boolean synonyms, boolean documentation) {
        return new DescribeConfigsResourceResult(
                key.name(),
                key.secret() ? null : broker.text(key),
                true,
                source(key, broker).code(),
                key.secret(),
                synonyms && !key.secret() ? synonyms(key, broker) : List.of(),
                key.type().code(),
                documentation ? documentation(key) : null);
    }

    private static Source source(TopicKey<?> key, TopicConfig config, BrokerConfig broker) {
        if (config.overrides().containsKey(key.name())) {
            return Source.TOPIC;
        }
        return key.synonyms().stream().anyMatch(synonym -> broker.isSet(synonym.key()))
                ? Source.BROKER_FILE
                : Source.DEFAULT;
    }

    private static Source source(ConfigKey<?> key, BrokerConfig broker) {
        return broker.isSet(key) ? Source.BROKER_FILE : Source.DEFAULT;
    }

    private static List<DescribeConfigsSynonym> synonyms(
            TopicKey<?> key, TopicConfig config, BrokerConfig broker) {
        List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
        String override = config.overrides().get(key.name());
        if (override != null) {
            synonyms.add(synonym(key.name(), override, Source.TOPIC));
        }
        for (TopicKey.Synonym<?> named : key.synonyms()) {
            if (broker.isSet(named.key())) {
                synonyms.add(
                        synonym(named.key().name(), broker.text(named.key()), Source.BROKER_FILE));
            }
        }
        String defaultName =
                key.synonyms().isEmpty() ? key.name() : key.synonyms().getFirst().key().name();
        synonyms.add(synonym(defaultName, key.key().defaultText(), Source.DEFAULT));
        return synonyms;
    }

    private static List<DescribeConfigsSynonym> synonyms(ConfigKey<?> key, BrokerConfig broker) {
        List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
        if (broker.isSet(key)) {
            synonyms.add(synonym(key.name(), broker.text(key), Source.BROKER_FILE));
        }
        synonyms.add(synonym(key.name(), key.defaultText(), Source.DEFAULT));
        return synonyms;
    }

    private static DescribeConfigsSynonym synonym(
            String name, @Nullable String value, Source source) {
        return new DescribeConfigsSynonym(name, value, source.code());
    }

    private static String documentation(ConfigKey<?> key) {
        return key.range().isEmpty()
                ? key.documentation()
                : key.documentation() + " Takes " + key.range() + ".";
    }
}
