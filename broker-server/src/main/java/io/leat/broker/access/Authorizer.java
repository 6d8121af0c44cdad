package io.leat.broker.access;

import java.net.InetSocketAddress;

/** Says what clients may do. Any thread. */
@FunctionalInterface
public interface Authorizer {
    /** Lets everybody do everything. */
    Authorizer OPEN = (principal, remote) -> Access.OPEN;

    /**
     * What a client may do.
     *
     * @param principal who it is, such as {@code User:alice}
     * @param remote from where it came
     */
    Access accessOf(String principal, InetSocketAddress remote);
}
