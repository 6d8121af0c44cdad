package io.leat.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/** Splits a stream into lines of bytes, each without its {@code \n}. For one thread. */
final class LineReader {
    private final InputStream in;
    private final int lineBytesMax;
    private final byte[] chunk = new byte[1 << 16];
    private int position;
    private int limit;
    private byte[] line = new byte[1024];
    private long bytesRead;
    private long linesRead;

    /**
     * @param lineBytesMax the longest line that is accepted
     */
    LineReader(InputStream in, int lineBytesMax) {
        this.in = in;
        this.lineBytesMax = lineBytesMax;
    }

    /** Bytes of all lines so far, with their ends. */
    long bytesRead() {
        return bytesRead;
    }

    /**
     * The next line; empty at the end.
     *
     * @throws CommandFailure if a line is too long
     */
    Optional<byte[]> next() throws IOException {
        int length = 0;
        while (true) {
            if (position == limit) {
                limit = Math.max(0, in.read(chunk));
                position = 0;
                if (limit == 0) {
                    return length == 0 ? Optional.empty() : Optional.of(taken(length));
                }
            }
            int end = position;
            while (end < limit && chunk[end] != '\n') {
                end++;
            }
            length = take(length, end);
            if (end < limit) {
                position++;
                bytesRead++;
                return Optional.of(taken(length));
            }
        }
    }

    private int take(int length, int end) {
        int more = end - position;
        if (length + more > lineBytesMax) {
            throw new CommandFailure(
                    "Line "
                            + (linesRead + 1)
                            + " is longer than "
                            + lineBytesMax
                            + " bytes, the most a record may have here");
        }
        if (length + more > line.length) {
            line =
                    Arrays.copyOf(
                            line, Math.min(lineBytesMax, Math.max(length + more, 2 * line.length)));
        }
        System.arraycopy(chunk, position, line, length, more);
        position = end;
        bytesRead += more;
        return length + more;
    }

    private byte[] taken(int length) {
        linesRead++;
        return Arrays.copyOf(line, length);
    }
}
