package io.leat.broker.group.consumer;

import io.leat.broker.group.classic.Bytes;
import io.leat.broker.group.classic.Protocol;
import java.util.List;

/**
 * What is to be known of a member of a consumer group that speaks the classic protocol. Immutable.
 *
 * @param sessionMillis the session timeout that it asked for
 * @param protocols in its order of preference; it is told that the first was elected
 * @param step what it was asked to do and has not done
 */
public record ClassicSide(int sessionMillis, List<Protocol> protocols, Step step) {
    public ClassicSide {
        protocols = List.copyOf(protocols);
    }

    /** Steps of the classic protocol that have a time limit. Not in the state store. */
    public enum Step {
        NONE,
        JOIN,
        SYNC
    }

    Protocol protocol() {
        return protocols.getFirst();
    }

    Bytes subscription() {
        return protocol().metadata();
    }

    boolean supports(String protocolName) {
        return protocols.stream().anyMatch(protocol -> protocol.name().equals(protocolName));
    }

    ClassicSide at(Step newStep) {
        return new ClassicSide(sessionMillis, protocols, newStep);
    }
}
