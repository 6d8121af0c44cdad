package io.leat.broker.network;

import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.FileRegion;
import io.netty.channel.MessageSizeEstimator;

/**
 * Counts what waits to be written, parts of files too. Netty counts those as nothing, as they hold
 * no memory; but a connection whose client does not read is to be seen as one that takes no more
 * replies, and not to gather leases.
 */
final class PartSizes implements MessageSizeEstimator {
    private static final Handle BUFFERS = DefaultMessageSizeEstimator.DEFAULT.newHandle();
    private static final Handle PARTS =
            part ->
                    part instanceof FileRegion region
                            ? Math.toIntExact(region.count())
                            : BUFFERS.size(part);

    @Override
    public Handle newHandle() {
        return PARTS;
    }
}
