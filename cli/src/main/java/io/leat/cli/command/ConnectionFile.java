package io.leat.cli.command;

import io.leat.broker.config.ConfigException;
import io.leat.broker.config.ConfigReferences;
import io.leat.client.ConnectionOptions;
import io.leat.client.SaslOptions;
import io.leat.client.Secret;
import io.leat.client.TlsOptions;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How to reach a secured broker, in a properties file with the keys of Kafka's own clients, so that
 * the file that is there for them serves here too. What says nothing of security is ignored. Values
 * may stand elsewhere, as in the configuration of the broker: {@code ${env:NAME}}, {@code
 * ${file:PATH}}.
 */
final class ConnectionFile {
    private static final String PROTOCOL = "security.protocol";
    private static final String TRUST = "ssl.truststore.location";
    private static final String TRUST_PASSWORD = "ssl.truststore.password";
    private static final String IDENTITY = "ssl.keystore.location";
    private static final String IDENTITY_PASSWORD = "ssl.keystore.password";
    private static final String KEY_PASSWORD = "ssl.key.password";
    private static final String HOST_NAMES = "ssl.endpoint.identification.algorithm";
    private static final String MECHANISM = "sasl.mechanism";
    private static final String LOGIN = "sasl.jaas.config";
    private static final String TOKEN = "leat.sasl.token";

    /** Told apart by what is in the files, or of no use to this client. */
    private static final Set<String> WITHOUT_MEANING =
            Set.of("ssl.truststore.type", "ssl.keystore.type", "ssl.protocol");

    private static final Set<String> KNOWN =
            Set.of(
                    PROTOCOL,
                    TRUST,
                    TRUST_PASSWORD,
                    IDENTITY,
                    IDENTITY_PASSWORD,
                    KEY_PASSWORD,
                    HOST_NAMES,
                    MECHANISM,
                    LOGIN,
                    TOKEN);

    private static final List<String> SECURITY = List.of("security.", "ssl.", "sasl.", "leat.");
    private static final List<String> PROTOCOLS =
            List.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");
    private static final List<String> MECHANISMS =
            List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER");
    private static final Pattern LOGIN_ENTRY = Pattern.compile("(\\w+)\\s*=\\s*\"([^\"]*)\"");

    private final Path file;
    private final Properties properties;

    private ConnectionFile(Path file, Properties properties) {
        this.file = file;
        this.properties = properties;
    }

    /**
     * Reads a file.
     *
     * @throws CommandFailure when it cannot be read, or names what is not there
     */
    static ConnectionFile read(Path file) {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException e) {
            String why = Files.exists(file) ? e.getMessage() : "there is no such file";
            throw new CommandFailure("Cannot read " + file + ": " + why, e);
        }
        ConnectionFile read = new ConnectionFile(file, properties);
        read.checkKeys();
        return read;
    }

    /** Sets what the file says. */
    void apply(ConnectionOptions.Builder builder) {
        String protocol = value(PROTOCOL).orElse("PLAINTEXT").toUpperCase(Locale.ROOT);
        if (!PROTOCOLS.contains(protocol)) {
            throw wrong(PROTOCOL, "is one of " + String.join(", ", PROTOCOLS));
        }
        if (protocol.endsWith("SSL")) {
            builder.tls(tls());
        }
        if (protocol.startsWith("SASL")) {
            builder.sasl(sasl());
        }
    }

    private TlsOptions tls() {
        boolean checkHostName = value(HOST_NAMES).map(each -> !each.isEmpty()).orElse(true);
        return new TlsOptions(
                path(TRUST),
                value(TRUST_PASSWORD).map(Secret::new),
                path(IDENTITY),
                Optional.empty(),
                value(KEY_PASSWORD).or(() -> value(IDENTITY_PASSWORD)).map(Secret::new),
                checkHostName);
    }

    private SaslOptions sasl() {
        String mechanism =
                value(MECHANISM)
                        .orElseThrow(() ->
                                wrong(MECHANISM, "is needed: " + String.join(", ", MECHANISMS)));
        return switch (mechanism) {
            case "PLAIN" -> SaslOptions.plain(login("username"), login("password"));
            case "SCRAM-SHA-256" -> SaslOptions.scramSha256(login("username"), login("password"));
            case "SCRAM-SHA-512" -> SaslOptions.scramSha512(login("username"), login("password"));
            case "OAUTHBEARER" -> {
                Secret token =
                        new Secret(
                                value(TOKEN)
                                        .orElseThrow(() ->
                                                wrong(TOKEN, "is needed, best as ${file:PATH}")));
                yield SaslOptions.oauthBearer(() -> token);
            }
            default -> throw wrong(MECHANISM, "is one of " + String.join(", ", MECHANISMS));
        };
    }

    /** Such as {@code ...ScramLoginModule required username="a" password="b";}. */
    private String login(String name) {
        Matcher entries = LOGIN_ENTRY.matcher(value(LOGIN).orElse(""));
        while (entries.find()) {
            if (entries.group(1).equals(name) && !entries.group(2).isEmpty()) {
                return entries.group(2);
            }
        }
        throw wrong(LOGIN, "must have " + name + "=\"...\"");
    }

    private Optional<Path> path(String key) {
        Optional<Path> path = value(key).map(Path::of);
        path.filter(each -> !Files.isReadable(each))
                .ifPresent(each -> {
                    throw wrong(key, "names " + each + ", which cannot be read");
                });
        return path;
    }

    private Optional<String> value(String key) {
        String text = properties.getProperty(key);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ConfigReferences.resolve(key, text.strip()));
        } catch (ConfigException e) {
            throw new CommandFailure(file + ": " + e.getMessage(), e);
        }
    }

    private void checkKeys() {
        List<String> unknown = new ArrayList<>();
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            if (SECURITY.stream().anyMatch(key::startsWith)
                    && !KNOWN.contains(key)
                    && !WITHOUT_MEANING.contains(key)) {
                unknown.add(key);
            }
        }
        if (!unknown.isEmpty()) {
            String first = unknown.getFirst();
            throw wrong(
                    first,
                    "is not a key that leat knows"
                            + Likeness.nearest(first, KNOWN)
                                    .map("; did you mean %s?"::formatted)
                                    .orElse(
                                            "; it knows "
                                                    + String.join(", ", new TreeSet<>(KNOWN))));
        }
    }

    private CommandFailure wrong(String key, String why) {
        return new CommandFailure(file + ": " + key + " " + why);
    }
}
