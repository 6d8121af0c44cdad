package io.leat.client;

import java.util.Set;

/**
 * A user that has a password.
 *
 * @param mechanisms by which it can prove who it is, such as {@code SCRAM-SHA-256}
 */
public record UserListing(String name, Set<String> mechanisms) {
    public UserListing {
        mechanisms = Set.copyOf(mechanisms);
    }
}
