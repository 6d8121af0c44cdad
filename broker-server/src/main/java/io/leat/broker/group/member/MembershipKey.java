package io.leat.broker.group.member;

import io.leat.broker.coordinator.StateOutput;
import java.nio.charset.StandardCharsets;

/**
 * Where memberships lie in the state store.
 *
 * <pre>
 * group, one for each
 *   key    "group/" | group id, to the end
 *   value  version int8 = 1 | a classic membership (ClassicFormat)
 *          version int8 = 2 | type int8 (GroupType) | the type's own
 *
 * member of a group whose type keeps them apart, one for each
 *   key    "group-member/" | group id string | member id, to the end
 *   value  version int8 = 1 | the type's own
 * </pre>
 */
public final class MembershipKey {
    private static final byte[] GROUP = "group/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MEMBER = "group-member/".getBytes(StandardCharsets.US_ASCII);

    private MembershipKey() {}

    /** What the keys of all groups begin with. */
    public static byte[] groups() {
        return GROUP.clone();
    }

    public static byte[] group(String groupId) {
        return new StateOutput().raw(GROUP).raw(groupId.getBytes(StandardCharsets.UTF_8)).toBytes();
    }

    /** The group of a key that begins with {@link #groups}. */
    public static String groupId(byte[] key) {
        return new String(key, GROUP.length, key.length - GROUP.length, StandardCharsets.UTF_8);
    }

    /** What the keys of a group's members begin with. */
    public static byte[] members(String groupId) {
        return new StateOutput().raw(MEMBER).string(groupId).toBytes();
    }

    public static byte[] member(String groupId, String memberId) {
        return new StateOutput()
                .raw(MEMBER)
                .string(groupId)
                .raw(memberId.getBytes(StandardCharsets.UTF_8))
                .toBytes();
    }

    /** The member of a key that begins with {@link #members}. */
    public static String memberId(String groupId, byte[] key) {
        int begin = members(groupId).length;
        return new String(key, begin, key.length - begin, StandardCharsets.UTF_8);
    }
}
