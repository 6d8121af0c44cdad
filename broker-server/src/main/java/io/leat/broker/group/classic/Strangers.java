package io.leat.broker.group.classic;

import io.leat.broker.group.member.Identity;
import io.leat.wire.ErrorCode;
import java.util.Optional;

/** Tells members from those who only say that they are. */
final class Strangers {
    private Strangers() {}

    /**
     * Checks who asks.
     *
     * @return {@code FENCED_INSTANCE_ID} for one whose place a newer instance has taken, {@code
     *     UNKNOWN_MEMBER_ID} for anyone else who is not a member, empty for members
     */
    static Optional<ErrorCode> check(ClassicMembership membership, Identity identity) {
        Optional<Member> member = membership.members().get(identity.memberId());
        Optional<String> instanceId = identity.instanceId();
        if (instanceId.isEmpty()
                || member.map(Member::instanceId).equals(Optional.of(instanceId))) {
            return member.isPresent() ? Optional.empty() : Optional.of(ErrorCode.UNKNOWN_MEMBER_ID);
        }
        return membership.members().withInstance(instanceId.get()).isPresent()
                ? Optional.of(ErrorCode.FENCED_INSTANCE_ID)
                : Optional.of(ErrorCode.UNKNOWN_MEMBER_ID);
    }
}
