package io.leat.broker.network;

import io.leat.storage.api.LogSlice.FileRange;
import io.netty.channel.DefaultFileRegion;

/**
 * A part of a log's file that the kernel sends from its page cache ({@code sendfile}). The file is
 * its lease's to close, which the request's scope holds until this is written.
 */
final class LeasedRegion extends DefaultFileRegion {
    LeasedRegion(FileRange range, long sizeBytes) {
        super(range.channel(), range.position(), sizeBytes);
    }

    @Override
    protected void deallocate() {}
}
