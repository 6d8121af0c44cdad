package io.leat.ops.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** All metrics, in the text format that the scraper likes best. */
final class MetricsRoute {
    private final PrometheusMeterRegistry registry;
    private final JvmMetrics jvmMetrics;
    private final Runnable beforeScrape;

    MetricsRoute(PrometheusMeterRegistry registry, JvmMetrics jvmMetrics, Runnable beforeScrape) {
        this.registry = registry;
        this.jvmMetrics = jvmMetrics;
        this.beforeScrape = beforeScrape;
    }

    void addTo(Router router) {
        router.get("/metrics").method(HttpMethod.HEAD).handler(this::scrape);
    }

    private void scrape(RoutingContext ctx) {
        String contentType = TextFormat.preferred(ctx.request().getHeader("Accept")).contentType();
        OffLoop.answer(
                ctx,
                () -> text(contentType),
                text -> ctx.response().putHeader("Content-Type", contentType).end(text));
    }

    private String text(String contentType) {
        jvmMetrics.bind();
        beforeScrape.run();
        return registry.scrape(contentType);
    }
}
