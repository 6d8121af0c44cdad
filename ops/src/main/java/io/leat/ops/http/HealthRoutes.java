package io.leat.ops.http;

import io.leat.ops.Readiness;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Liveness and readiness, for people and for orchestrators. */
final class HealthRoutes {
    private final Readiness readiness;

    HealthRoutes(Readiness readiness) {
        this.readiness = readiness;
    }

    void addTo(Router router) {
        router.get("/health/live").method(HttpMethod.HEAD).handler(HealthRoutes::live);
        router.get("/health/ready").method(HttpMethod.HEAD).handler(this::ready);
    }

    private static void live(RoutingContext ctx) {
        JsonAnswer.send(ctx, 200, new JsonObject().put("status", "live"));
    }

    private void ready(RoutingContext ctx) {
        OffLoop.answer(
                ctx,
                () -> new Found(readiness.obstacles(), readiness.warnings()),
                found -> answer(ctx, found));
    }

    private record Found(List<String> obstacles, List<String> warnings) {}

    private static void answer(RoutingContext ctx, Found found) {
        boolean ready = found.obstacles.isEmpty();
        JsonObject body = new JsonObject().put("status", ready ? "ready" : "not ready");
        if (!ready) {
            body.put("reasons", new JsonArray(found.obstacles));
        }
        if (!found.warnings.isEmpty()) {
            body.put("warnings", new JsonArray(found.warnings));
        }
        JsonAnswer.send(ctx, ready ? 200 : 503, body);
    }
}
