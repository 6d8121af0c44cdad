package io.leat.ops.http;

import io.leat.ops.BuildInfo;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The page at {@code /}: says what this is and where to go. */
final class IndexPage {
    private final String html;

    IndexPage(BuildInfo build) {
        html =
                """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Leat</title>
                <style>
                :root { color-scheme: light dark }
                body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }
                dt { font-family: ui-monospace, monospace }
                </style>
                </head>
                <body>
                <h1>Leat %s</h1>
                <p>An event broker that speaks the Apache Kafka protocol. This is its HTTP side; Kafka clients connect to the other port.</p>
                <dl>
                <dt><a href="/health/ready">/health/ready</a></dt><dd>whether clients can be served, and if not why</dd>
                <dt><a href="/health/live">/health/live</a></dt><dd>whether the process answers</dd>
                <dt><a href="/metrics">/metrics</a></dt><dd>metrics as Prometheus or OpenMetrics text</dd>
                </dl>
                </body>
                </html>
                """
                        .formatted(build.version());
    }

    void addTo(Router router) {
        router.get("/").method(HttpMethod.HEAD).handler(this::show);
    }

    private void show(RoutingContext ctx) {
        ctx.response().putHeader("Content-Type", "text/html; charset=utf-8").end(html);
    }
}
