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
        OffLoop.answer(ctx, readiness::obstacles, obstacles -> answer(ctx, obstacles));
    }

    private static void answer(RoutingContext ctx, List<String> obstacles) {
        if (obstacles.isEmpty()) {
            JsonAnswer.send(ctx, 200, new JsonObject().put("status", "ready"));
        } else {
            JsonObject body =
                    new JsonObject()
                            .put("status", "not ready")
                            .put("reasons", new JsonArray(obstacles));
            JsonAnswer.send(ctx, 503, body);
        }
    }
}
