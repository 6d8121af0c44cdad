package io.leat.cli.server;

import io.leat.broker.config.Endpoint;
import io.leat.broker.config.SecurityKeys;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code leat server} was told.
 *
 * @param config a properties file, if there is one
 * @param settings what wins over it
 * @param http where health and metrics are
 */
public record ServerOptions(Optional<Path> config, Map<String, String> settings, Endpoint http) {
    static final String DATA_DIR = "--data-dir";
    static final String LISTEN = "--listen";
    static final String HTTP = "--http";
    static final String CONFIG = "--config";
    static final String SET = "--set";
    static final String INSECURE = "--insecure";
    static final String HTTP_DEFAULT = "127.0.0.1:9644";

    /** The options, by each of their names. */
    static final Map<String, String> NAMES =
            Map.ofEntries(
                    Map.entry("-d", DATA_DIR),
                    Map.entry(DATA_DIR, DATA_DIR),
                    Map.entry("-l", LISTEN),
                    Map.entry(LISTEN, LISTEN),
                    Map.entry(HTTP, HTTP),
                    Map.entry("-c", CONFIG),
                    Map.entry(CONFIG, CONFIG),
                    Map.entry("-s", SET),
                    Map.entry(SET, SET),
                    Map.entry(INSECURE, INSECURE));

    private static final String LISTENER = "PLAINTEXT";

    public ServerOptions {
        settings = Map.copyOf(settings);
    }

    /**
     * Puts options together; those for one thing win over {@code settings}.
     *
     * @param dataDirectory {@value #DATA_DIR}
     * @param listen {@value #LISTEN}
     */
    static ServerOptions of(
            Optional<Path> config,
            Map<String, String> settings,
            Optional<String> dataDirectory,
            Optional<Endpoint> listen,
            Endpoint http,
            boolean insecure) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        dataDirectory.ifPresent(path -> all.put("log.dir", path));
        listen.ifPresent(endpoint -> all.put("listeners", endpoint.toString()));
        if (insecure) {
            all.put(SecurityKeys.INSECURE.name(), "true");
        }
        return new ServerOptions(config, all, http);
    }

    /**
     * Reads options that are written as they mostly are: names in full or short, and each value a
     * word of its own. Empty for all else, right or wrong, which {@link ServerCommand} understands
     * and explains; a start without it, and without the library that it needs, is a quarter faster.
     */
    public static Optional<ServerOptions> plain(List<String> words) {
        Map<String, String> given = new HashMap<>();
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String name = NAMES.getOrDefault(words.get(i), "");
            if (name.isEmpty() || given.containsKey(name)) {
                return Optional.empty();
            }
            if (name.equals(INSECURE)) {
                given.put(name, "");
                continue;
            }
            String value = ++i < words.size() ? words.get(i) : "";
            if (value.isEmpty() || value.startsWith("-") || value.startsWith("@")) {
                return Optional.empty();
            }
            int equals = value.indexOf('=');
            if (!name.equals(SET)) {
                given.put(name, value);
            } else if (equals > 0) {
                settings.put(value.substring(0, equals), value.substring(equals + 1));
            } else {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(
                    of(
                            Optional.ofNullable(given.get(CONFIG)).map(Path::of),
                            settings,
                            Optional.ofNullable(given.get(DATA_DIR)),
                            Optional.ofNullable(given.get(LISTEN)).map(ServerOptions::endpoint),
                            endpoint(given.getOrDefault(HTTP, HTTP_DEFAULT)),
                            given.containsKey(INSECURE)));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // an address or a path that is none
        }
    }

    /**
     * Reads an address.
     *
     * @param address {@code HOST:PORT}
     * @throws IllegalArgumentException if it is none
     */
    static Endpoint endpoint(String address) {
        return Endpoint.parse(LISTENER + "://" + address);
    }
}
