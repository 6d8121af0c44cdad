package io.leat.broker.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * What clients pushed, as gauges of the broker: {@code leat.client.} and the metric's name without
 * {@code org.apache.kafka.}, tagged with the client's id and the metric's own attributes. Deltas
 * are added up. A series that was not pushed for {@value #MISSED_MAX} of its intervals goes; there
 * are {@value #SERIES_MAX} at the most, and what comes beyond them is counted in {@code
 * leat.telemetry.dropped}. Any thread.
 */
final class PushedMetrics {
    private static final int SERIES_MAX = 20_000;
    private static final int MISSED_MAX = 3;
    private static final int TAGS_MAX = 8;
    private static final int TEXT_MAX = 128;
    private static final Pattern NOT_IN_LABELS = Pattern.compile("[^a-zA-Z0-9_]");
    private static final String THEIRS = "org.apache.kafka.";
    private static final String OURS = "leat.client.";

    private final MeterRegistry meters;
    private final InstantSource clock;
    private final Map<Key, Series> series = new ConcurrentHashMap<>();
    private final AtomicLong dropped = new AtomicLong();

    PushedMetrics(MeterRegistry meters, InstantSource clock) {
        this.meters = meters;
        this.clock = clock;
        Gauge.builder("leat.telemetry.series", series, Map::size)
                .description("Series of metrics that clients push")
                .register(meters);
        Gauge.builder("leat.telemetry.dropped", dropped, AtomicLong::get)
                .description("Values that clients pushed and that found no room")
                .register(meters);
    }

    private record Key(String name, Tags tags) {}

    private static final class Series {
        private Meter.Id meter;
        private double value;
        private long goesMillis;

        Series(Meter.Id placeholder) {
            meter = placeholder;
        }
    }

    /** Lets go what was not pushed for too long. */
    synchronized void purge() {
        long now = clock.millis();
        series.values()
                .removeIf(old -> {
                    boolean gone = old.goesMillis < now;
                    if (gone) {
                        meters.remove(old.meter);
                    }
                    return gone;
                });
    }

    synchronized void take(
            String clientId, Telemetry.Wanted wanted, List<OtlpMetrics.Point> points) {
        purge();
        long now = clock.millis();
        for (OtlpMetrics.Point point : points) {
            boolean asked =
                    wanted.metrics().stream()
                            .anyMatch(prefix ->
                                    prefix.equals("*") || point.name().startsWith(prefix));
            if (!asked || point.name().isEmpty()) {
                continue;
            }
            Key key = key(clientId, point);
            Series found = series.get(key);
            if (found == null) {
                if (series.size() >= SERIES_MAX) {
                    dropped.incrementAndGet();
                    continue;
                }
                found = register(key);
            }
            found.value = point.delta() ? found.value + point.value() : point.value();
            found.goesMillis = now + (long) MISSED_MAX * wanted.intervalMillis();
        }
    }

    private Series register(Key key) {
        Series fresh =
                new Series(new Meter.Id(key.name(), key.tags(), null, null, Meter.Type.GAUGE));
        Gauge gauge =
                Gauge.builder(key.name(), fresh, one -> one.value)
                        .tags(key.tags())
                        .description("Pushed by clients")
                        .register(meters);
        fresh.meter = gauge.getId();
        series.put(key, fresh);
        return fresh;
    }

    private static Key key(String clientId, OtlpMetrics.Point point) {
        String name =
                point.name().startsWith(THEIRS)
                        ? point.name().substring(THEIRS.length())
                        : point.name();
        Tags tags = Tags.empty();
        int left = TAGS_MAX;
        for (Map.Entry<String, String> attribute : point.attributes().entrySet()) {
            if (left-- > 0 && !attribute.getKey().isEmpty()) {
                tags = tags.and(label(attribute.getKey()), cut(attribute.getValue()));
            }
        }
        return new Key(OURS + cut(name), tags.and("client_id", cut(clientId)));
    }

    /**
     * A name as Prometheus writes it: two that are one there must not be two here, which would make
     * every scrape fail. Of two values the last holds.
     */
    private static String label(String attribute) {
        String label = NOT_IN_LABELS.matcher(cut(attribute)).replaceAll("_");
        return Character.isLetter(label.charAt(0)) ? label : "m_" + label;
    }

    private static String cut(String text) {
        return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX);
    }
}
