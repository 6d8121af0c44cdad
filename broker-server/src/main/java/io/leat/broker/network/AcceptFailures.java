package io.leat.broker.network;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a listener rest when a connection cannot be accepted, for want of open files mostly: to ask
 * again at once would be all that the event loop does. Those who wait stay in the system's backlog.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private static final int REST_MILLIS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.warn(
                "Cannot accept connections at {}, and tries again in {} ms: {}",
                ctx.channel().localAddress(),
                REST_MILLIS,
                cause.getMessage());
        ctx.channel().config().setAutoRead(false);
        var _ =
                ctx.executor()
                        .schedule(
                                () -> ctx.channel().config().setAutoRead(true),
                                REST_MILLIS,
                                TimeUnit.MILLISECONDS);
    }
}
