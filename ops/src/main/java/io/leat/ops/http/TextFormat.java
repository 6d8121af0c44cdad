package io.leat.ops.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The text formats in which metrics are served. */
enum TextFormat {
    PROMETHEUS("text/plain", "text/plain; version=0.0.4; charset=utf-8"),
    OPEN_METRICS(
            "application/openmetrics-text",
            "application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String mediaType;
    private final String contentType;

    TextFormat(String mediaType, String contentType) {
        this.mediaType = mediaType;
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /**
     * The one that an {@code Accept} header (RFC 9110, 12.5.1) weighs highest; Prometheus text
     * where it names neither, since whoever asks for metrics is better served with text than with
     * 406.
     */
    static TextFormat preferred(@Nullable String accept) {
        if (accept == null) {
            return PROMETHEUS;
        }
        double prometheus = 0;
        double openMetrics = 0;
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", 32)) {
            String[] parts = range.split(";", 16);
            String type = parts[0].strip();
            if (type.equals(OPEN_METRICS.mediaType)) {
                openMetrics = Math.max(openMetrics, weight(parts));
            } else if (type.equals(PROMETHEUS.mediaType)) {
                prometheus = Math.max(prometheus, weight(parts));
            }
        }
        return openMetrics > prometheus ? OPEN_METRICS : PROMETHEUS;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
