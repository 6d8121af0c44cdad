package io.leat.ops.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/**
 * Lets so many requests in at once and turns the others away with 503. Runs on the one event loop.
 */
final class RequestGate implements Handler<RoutingContext> {
    static final int REQUESTS_MAX = 256;

    private int running;

    @Override
    public void handle(RoutingContext ctx) {
        if (running == REQUESTS_MAX) {
            ctx.response().putHeader("Retry-After", "1");
            ErrorAnswers.answer(ctx, 503, "Too many requests at once; try again");
            return;
        }
        running++;
        ctx.addEndHandler(end -> running--);
        ctx.next();
    }
}
