package io.leat.ops.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Errors as {@code {"status":404,"error":"..."}}. */
final class ErrorAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);

    private ErrorAnswers() {}

    static void install(Router router) {
        router.errorHandler(400, ctx -> answer(ctx, 400, "The request is malformed"));
        router.errorHandler(
                404, ctx -> answer(ctx, 404, "There is nothing at " + ctx.request().path()));
        router.errorHandler(
                405,
                ctx ->
                        answer(
                                ctx,
                                405,
                                ctx.request().path() + " does not take " + ctx.request().method()));
        router.errorHandler(500, ErrorAnswers::internalError);
    }

    static void answer(RoutingContext ctx, int status, String error) {
        if (ctx.response().headWritten()) {
            ctx.response().reset(); // too late to say so: the client sees the answer cut off
            return;
        }
        JsonAnswer.send(ctx, status, new JsonObject().put("status", status).put("error", error));
    }

    private static void internalError(RoutingContext ctx) {
        LOG.error("{} {} failed", ctx.request().method(), ctx.request().path(), ctx.failure());
        answer(
                ctx,
                500,
                HttpResponseStatus.INTERNAL_SERVER_ERROR.reasonPhrase() + "; see the broker's log");
    }
}
