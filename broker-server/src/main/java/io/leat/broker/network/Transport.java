package io.leat.broker.network;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** The way to reach sockets that this machine offers: epoll, kqueue, or plain NIO. */
enum Transport {
    EPOLL(EpollServerSocketChannel.class) {
        @Override
        IoHandlerFactory factory() {
            return EpollIoHandler.newFactory();
        }
    },
    KQUEUE(KQueueServerSocketChannel.class) {
        @Override
        IoHandlerFactory factory() {
            return KQueueIoHandler.newFactory();
        }
    },
    NIO(NioServerSocketChannel.class) {
        @Override
        IoHandlerFactory factory() {
            return NioIoHandler.newFactory();
        }
    };

    private final Class<? extends ServerChannel> serverChannel;

    Transport(Class<? extends ServerChannel> serverChannel) {
        this.serverChannel = serverChannel;
    }

    /** The best that works here. */
    static Transport best() {
        if (Epoll.isAvailable()) {
            return EPOLL;
        }
        return KQueue.isAvailable() ? KQUEUE : NIO;
    }

    abstract IoHandlerFactory factory();

    Class<? extends ServerChannel> serverChannel() {
        return serverChannel;
    }

    MultiThreadIoEventLoopGroup start(int threads) {
        return new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("leat-network"), factory());
    }
}
