package io.leat.broker.api;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerConfig.Setting;
import io.leat.broker.config.ConfigSource;
import io.leat.broker.config.TopicKey;
import io.leat.broker.config.TopicKeys;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicConfig;
import io.leat.broker.topic.TopicException;
import io.leat.broker.topic.TopicName;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;

/** The topics' configurations. */
public final class TopicConfigs implements ConfigDomain {
    public static final byte TYPE = 2;

    private final TopicCatalog topics;

    public TopicConfigs(TopicCatalog topics) {
        this.topics = topics;
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public Collection<String> names() {
        return topics.all().stream().map(Topic::name).toList();
    }

    @Override
    public List<ConfigValue> describe(String name) {
        checkSpelling(name);
        return values(topics.known(name).config());
    }

    @Override
    public void alter(String name, ConfigUpdate update, boolean validateOnly) {
        checkName(name);
        UnaryOperator<TopicConfig> apply =
                current ->
                        switch (update) {
                            case ConfigUpdate.Replace(var values) -> topics.configOf(values);
                            case ConfigUpdate.Edit(var changes) -> current.with(changes);
                        };
        if (validateOnly) {
            var _ = apply.apply(topics.known(name).config());
        } else {
            topics.configure(name, apply);
        }
    }

    /** Every config of a topic. */
    static List<ConfigValue> values(TopicConfig config) {
        List<ConfigValue> values = new ArrayList<>(TopicKeys.all().size());
        for (TopicKey<?> key : TopicKeys.all().values()) {
            values.add(value(key, config));
        }
        return values;
    }

    private static ConfigValue value(TopicKey<?> key, TopicConfig config) {
        BrokerConfig broker = config.broker();
        List<Setting> given = new ArrayList<>(2);
        String override = config.overrides().get(key.name());
        if (override != null) {
            given.add(new Setting(key.name(), override, ConfigSource.TOPIC));
        }
        key.synonyms().forEach(synonym -> given.addAll(broker.settings(synonym.key())));
        String defaultName =
                key.synonyms().isEmpty() ? key.name() : key.synonyms().getFirst().key().name();
        return ConfigValue.of(key.key(), config.text(key), false, given, defaultName);
    }

    private static void checkName(String name) {
        if (name.isEmpty()) {
            throw new TopicException(
                    ErrorCode.INVALID_REQUEST,
                    "A topic must be named: defaults of topics are configs of the broker");
        }
        checkSpelling(name);
    }

    private static void checkSpelling(String name) {
        TopicName.flaw(name)
                .ifPresent(flaw -> {
                    throw new TopicException(ErrorCode.INVALID_TOPIC_EXCEPTION, flaw);
                });
    }
}
