package io.leat.broker.api;

import io.leat.broker.config.BrokerConfig.Setting;
import io.leat.broker.config.ConfigKey;
import io.leat.broker.config.ConfigSource;
import io.leat.wire.message.CreateTopicsResponse.CreatableTopicConfigs;
import io.leat.wire.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.leat.wire.message.DescribeConfigsResponse.DescribeConfigsSynonym;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A config as the admin APIs show it: its value, where that comes from, and what else would hold.
 *
 * @param key by which name, of which type, and what it means
 * @param text the value that holds, as text
 * @param source where it comes from
 * @param readOnly whether it can be changed at run time
 * @param settings what was given and where, the strongest first, the default last
 */
public record ConfigValue(
        ConfigKey<?> key,
        String text,
        ConfigSource source,
        boolean readOnly,
        List<Setting> settings) {
    /**
     * A config of which {@code given} is known, or nothing.
     *
     * @param defaultName by which name the default is shown
     * @param text the value that holds, as text
     */
    public static ConfigValue of(
            ConfigKey<?> key,
            String text,
            boolean readOnly,
            List<Setting> given,
            String defaultName) {
        List<Setting> settings = new ArrayList<>(given);
        settings.add(new Setting(defaultName, key.defaultText(), ConfigSource.DEFAULT));
        return new ConfigValue(key, text, settings.getFirst().source(), readOnly, settings);
    }

    /** Whether nobody is shown the value. */
    public boolean sensitive() {
        return key.secret();
    }

    CreatableTopicConfigs created() {
        return new CreatableTopicConfigs(
                key.name(), shown(text).orElse(null), readOnly, source.code(), sensitive());
    }

    DescribeConfigsResourceResult described(boolean synonyms, boolean documentation) {
        return new DescribeConfigsResourceResult(
                key.name(),
                shown(text).orElse(null),
                readOnly,
                source.code(),
                sensitive(),
                synonyms && !sensitive()
                        ? settings.stream().map(this::synonym).toList()
                        : List.of(),
                key.type().code(),
                documentation ? documentation() : null);
    }

    private DescribeConfigsSynonym synonym(Setting setting) {
        @Nullable String value = shown(setting.text()).orElse(null);
        return new DescribeConfigsSynonym(setting.name(), value, setting.source().code());
    }

    private Optional<String> shown(String value) {
        return sensitive() ? Optional.empty() : Optional.of(value);
    }

    private String documentation() {
        return key.range().isEmpty()
                ? key.documentation()
                : key.documentation() + " Takes " + key.range() + ".";
    }
}
