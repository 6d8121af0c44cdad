package io.leat.tests.protocol;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Everybody who does not mean well: connections that say nothing, that begin a request and say no
 * more, that say it byte by byte, that ask and never listen, and that come and go.
 */
final class Crowd implements AutoCloseable {
    /** ApiVersions, version 0. */
    private static final byte[] REQUEST =
            HexFormat.of().parseHex("0000000c" + "00120000" + "00000007" + "0002" + "6f6b");

    private static final byte[] BEGINNING = {0, 0, 1, 0, 0, 3};
    private static final int BUFFER_BYTES = 4_096;
    private static final int FLOOD_BURST = 50;
    private static final long FLOOD_PAUSE_NANOS = 10_000_000;
    private static final long DRIP_PAUSE_NANOS = 200_000_000;

    private final InetSocketAddress address;
    private final List<SocketChannel> silent = new ArrayList<>();
    private final List<SocketChannel> dripping = new ArrayList<>();
    private final List<SocketChannel> halfOpen = new ArrayList<>();
    private final List<SocketChannel> deaf = new ArrayList<>();
    private final LongAdder flood = new LongAdder();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();

    /**
     * Comes together.
     *
     * @param size how many say nothing; a third as many drip, as many are half open, and a tenth is
     *     deaf
     */
    Crowd(String bootstrap, int size) throws IOException {
        int colon = bootstrap.lastIndexOf(':');
        address =
                new InetSocketAddress(
                        bootstrap.substring(0, colon),
                        Integer.parseInt(bootstrap.substring(colon + 1)));
        try {
            gather(silent, size);
            gather(dripping, size / 3);
            gather(halfOpen, size / 3);
            gather(deaf, size / 10);
            for (SocketChannel channel : halfOpen) {
                channel.write(ByteBuffer.wrap(BEGINNING));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
        for (Runnable deed : List.<Runnable>of(this::drip, this::flood, this::ask)) {
            threads.add(Thread.ofPlatform().daemon().name("crowd").start(deed));
        }
    }

    private void gather(List<SocketChannel> group, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open();
            group.add(channel);
            // Small buffers: those who do not listen are soon told to wait.
            channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
            channel.connect(address);
            channel.configureBlocking(false);
        }
    }

    /** A byte now and then: the four of a size of 16 MiB and more, then of that request. */
    private void drip() {
        byte next = 1;
        while (!over.get()) {
            for (SocketChannel channel : dripping) {
                trySend(channel, new byte[] {next});
            }
            next = 0;
            LockSupport.parkNanos(DRIP_PAUSE_NANOS);
        }
    }

    /** Comes and goes, one politely, the next without a word. */
    private void flood() {
        for (int count = 0; !over.get(); count++) {
            try (SocketChannel channel = SocketChannel.open(address)) {
                if (count % 2 == 0) {
                    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                }
                flood.increment();
            } catch (IOException e) {
                // Out of ports or backlog: so be it.
            }
            if (count % FLOOD_BURST == 0) {
                LockSupport.parkNanos(FLOOD_PAUSE_NANOS);
            }
        }
    }

    /** Asks as much as is taken, and reads nothing of the answers. */
    private void ask() {
        while (!over.get()) {
            for (SocketChannel channel : deaf) {
                trySend(channel, REQUEST);
            }
            LockSupport.parkNanos(FLOOD_PAUSE_NANOS);
        }
    }

    private static void trySend(SocketChannel to, byte[] bytes) {
        try {
            to.write(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            // Given up by the broker.
        }
    }

    /** How many connections have come and gone. */
    long floodCount() {
        return flood.sum();
    }

    /** Of those who began a request, how many the broker still listens to. */
    long slowOpen() {
        return openOf(dripping) + openOf(halfOpen);
    }

    /** How many of those who say nothing are still connected. */
    long silentOpen() {
        return openOf(silent);
    }

    private static long openOf(List<SocketChannel> group) {
        return group.stream().filter(Crowd::open).count();
    }

    private static boolean open(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1)) >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        over.set(true);
        try {
            for (Thread thread : threads) {
                thread.join(10_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        for (List<SocketChannel> group : List.of(silent, dripping, halfOpen, deaf)) {
            for (SocketChannel channel : group) {
                channel.close();
            }
        }
    }
}
