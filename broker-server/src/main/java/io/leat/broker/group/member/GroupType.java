package io.leat.broker.group.member;

import java.util.Arrays;
import java.util.Optional;

/** The protocols by which groups live. All groups share one space of ids. */
public enum GroupType {
    /** Members assign among themselves. Offsets without any members are of this type too. */
    CLASSIC(1, "classic", "Classic"),
    /** The broker assigns (KIP-848). */
    CONSUMER(2, "consumer", "Consumer"),
    /** Members share partitions, record by record (KIP-932). */
    SHARE(3, "share", "Share"),
    /** Members run the tasks of a topology (KIP-1071). */
    STREAMS(4, "streams", "Streams");

    private final byte code;
    private final String noun;
    private final String displayName;

    GroupType(int code, String noun, String displayName) {
        this.code = (byte) code;
        this.noun = noun;
        this.displayName = displayName;
    }

    /** The type's number in the state store. */
    public byte code() {
        return code;
    }

    /** As in messages: "a consumer group". */
    public String noun() {
        return noun;
    }

    /** The name in ListGroups. */
    public String displayName() {
        return displayName;
    }

    public static Optional<GroupType> of(byte code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }
}
