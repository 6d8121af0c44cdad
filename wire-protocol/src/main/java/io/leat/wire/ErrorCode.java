package io.leat.wire;

/** The errors of the Kafka protocol as of 4.4. */
public enum ErrorCode {
    UNKNOWN_SERVER_ERROR(
            -1, Retry.POINTLESS, "Something went wrong in the broker; its log says what."),
    NONE(0, Retry.POINTLESS, "No error."),
    OFFSET_OUT_OF_RANGE(
            1, Retry.POINTLESS, "The offset is before the start or beyond the end of the log."),
    CORRUPT_MESSAGE(
            2, Retry.WORTHWHILE, "The record batch is damaged or not allowed in this topic."),
    UNKNOWN_TOPIC_OR_PARTITION(3, Retry.WORTHWHILE, "There is no such topic or partition here."),
    INVALID_FETCH_SIZE(4, Retry.POINTLESS, "The fetch size is not valid."),
    LEADER_NOT_AVAILABLE(5, Retry.WORTHWHILE, "The partition has no leader at the moment."),
    NOT_LEADER_OR_FOLLOWER(6, Retry.WORTHWHILE, "Another broker leads this partition."),
    REQUEST_TIMED_OUT(7, Retry.WORTHWHILE, "The time allowed for the request ran out."),
    BROKER_NOT_AVAILABLE(8, Retry.POINTLESS, "The broker is not available."),
    REPLICA_NOT_AVAILABLE(
            9, Retry.WORTHWHILE, "The broker's replica of the partition is not available."),
    MESSAGE_TOO_LARGE(
            10, Retry.POINTLESS, "The record batch is larger than the topic's max.message.bytes."),
    STALE_CONTROLLER_EPOCH(
            11, Retry.POINTLESS, "The request comes from a controller that has been replaced."),
    OFFSET_METADATA_TOO_LARGE(
            12, Retry.POINTLESS, "The text that comes with the offset is too long."),
    NETWORK_EXCEPTION(13, Retry.WORTHWHILE, "The connection ended before the answer came."),
    COORDINATOR_LOAD_IN_PROGRESS(
            14, Retry.WORTHWHILE, "The coordinator is still loading its state."),
    COORDINATOR_NOT_AVAILABLE(15, Retry.WORTHWHILE, "The coordinator is not available."),
    NOT_COORDINATOR(16, Retry.WORTHWHILE, "Another broker coordinates this group or transaction."),
    INVALID_TOPIC_EXCEPTION(
            17,
            Retry.POINTLESS,
            "The topic's name is not valid, or the topic does not allow this."),
    RECORD_LIST_TOO_LARGE(18, Retry.POINTLESS, "The record batch is larger than a segment may be."),
    NOT_ENOUGH_REPLICAS(19, Retry.WORTHWHILE, "Too few replicas are in sync; nothing was written."),
    NOT_ENOUGH_REPLICAS_AFTER_APPEND(
            20,
            Retry.WORTHWHILE,
            "Too few replicas are in sync; the records were written all the same."),
    INVALID_REQUIRED_ACKS(21, Retry.POINTLESS, "acks must be -1, 0 or 1."),
    ILLEGAL_GENERATION(22, Retry.POINTLESS, "The group has moved on to another generation."),
    INCONSISTENT_GROUP_PROTOCOL(
            23,
            Retry.POINTLESS,
            "The member shares no protocol with the others of its group, or names none."),
    INVALID_GROUP_ID(24, Retry.POINTLESS, "The group id is not valid."),
    UNKNOWN_MEMBER_ID(25, Retry.POINTLESS, "The group has no such member."),
    INVALID_SESSION_TIMEOUT(
            26, Retry.POINTLESS, "The session timeout is outside of what the broker allows."),
    REBALANCE_IN_PROGRESS(27, Retry.POINTLESS, "The group is rebalancing; rejoin it."),
    INVALID_COMMIT_OFFSET_SIZE(
            28, Retry.POINTLESS, "The offset cannot be stored because its record is too large."),
    TOPIC_AUTHORIZATION_FAILED(29, Retry.POINTLESS, "Not authorized for the topic."),
    GROUP_AUTHORIZATION_FAILED(30, Retry.POINTLESS, "Not authorized for the group."),
    CLUSTER_AUTHORIZATION_FAILED(31, Retry.POINTLESS, "Not authorized for the cluster."),
    INVALID_TIMESTAMP(
            32, Retry.POINTLESS, "A record's timestamp is outside of what the topic allows."),
    UNSUPPORTED_SASL_MECHANISM(33, Retry.POINTLESS, "The broker does not do this SASL mechanism."),
    ILLEGAL_SASL_STATE(
            34, Retry.POINTLESS, "The request does not fit the state of the SASL exchange."),
    UNSUPPORTED_VERSION(35, Retry.POINTLESS, "The broker does not serve this API in this version."),
    TOPIC_ALREADY_EXISTS(36, Retry.POINTLESS, "There is a topic of this name already."),
    INVALID_PARTITIONS(37, Retry.POINTLESS, "The number of partitions is not valid."),
    INVALID_REPLICATION_FACTOR(
            38,
            Retry.POINTLESS,
            "The replication factor is below 1 or above the number of brokers."),
    INVALID_REPLICA_ASSIGNMENT(
            39, Retry.POINTLESS, "The assignment of replicas to brokers is not valid."),
    INVALID_CONFIG(40, Retry.POINTLESS, "A setting is not valid."),
    NOT_CONTROLLER(41, Retry.WORTHWHILE, "Another broker is the controller."),
    INVALID_REQUEST(42, Retry.POINTLESS, "The request contradicts itself or the protocol."),
    UNSUPPORTED_FOR_MESSAGE_FORMAT(
            43, Retry.POINTLESS, "The topic's message format does not allow this."),
    POLICY_VIOLATION(44, Retry.POINTLESS, "The broker's policy forbids this."),
    OUT_OF_ORDER_SEQUENCE_NUMBER(
            45, Retry.POINTLESS, "The producer's sequence number does not follow its last one."),
    DUPLICATE_SEQUENCE_NUMBER(
            46, Retry.POINTLESS, "The producer's sequence number was written before."),
    INVALID_PRODUCER_EPOCH(47, Retry.POINTLESS, "A newer epoch of this producer exists."),
    INVALID_TXN_STATE(48, Retry.POINTLESS, "The transaction's state does not allow this."),
    INVALID_PRODUCER_ID_MAPPING(
            49, Retry.POINTLESS, "The transactional id has another producer id."),
    INVALID_TRANSACTION_TIMEOUT(
            50, Retry.POINTLESS, "The transaction timeout is above what the broker allows."),
    CONCURRENT_TRANSACTIONS(51, Retry.WORTHWHILE, "The transaction is busy with another request."),
    TRANSACTION_COORDINATOR_FENCED(
            52, Retry.POINTLESS, "Another coordinator has taken over this producer."),
    TRANSACTIONAL_ID_AUTHORIZATION_FAILED(
            53, Retry.POINTLESS, "Not authorized for the transactional id."),
    SECURITY_DISABLED(54, Retry.POINTLESS, "Security is switched off."),
    OPERATION_NOT_ATTEMPTED(
            55, Retry.POINTLESS, "Not tried, because something else in the request failed."),
    KAFKA_STORAGE_ERROR(
            56,
            Retry.WORTHWHILE,
            "The log could not be read or written; the broker's log says why."),
    LOG_DIR_NOT_FOUND(57, Retry.POINTLESS, "The broker has no such log directory."),
    SASL_AUTHENTICATION_FAILED(58, Retry.POINTLESS, "The SASL credentials were refused."),
    UNKNOWN_PRODUCER_ID(59, Retry.POINTLESS, "The broker knows nothing of this producer any more."),
    REASSIGNMENT_IN_PROGRESS(60, Retry.POINTLESS, "The partition is being reassigned."),
    DELEGATION_TOKEN_AUTH_DISABLED(61, Retry.POINTLESS, "Delegation tokens are switched off."),
    DELEGATION_TOKEN_NOT_FOUND(62, Retry.POINTLESS, "There is no such delegation token."),
    DELEGATION_TOKEN_OWNER_MISMATCH(
            63, Retry.POINTLESS, "The delegation token belongs to someone else."),
    DELEGATION_TOKEN_REQUEST_NOT_ALLOWED(
            64,
            Retry.POINTLESS,
            "Delegation tokens cannot be asked for on this kind of connection."),
    DELEGATION_TOKEN_AUTHORIZATION_FAILED(
            65, Retry.POINTLESS, "Not authorized for the delegation token."),
    DELEGATION_TOKEN_EXPIRED(66, Retry.POINTLESS, "The delegation token has expired."),
    INVALID_PRINCIPAL_TYPE(67, Retry.POINTLESS, "The principal's type is not supported."),
    NON_EMPTY_GROUP(68, Retry.POINTLESS, "The group still has members."),
    GROUP_ID_NOT_FOUND(69, Retry.POINTLESS, "There is no such group."),
    FETCH_SESSION_ID_NOT_FOUND(70, Retry.WORTHWHILE, "There is no such fetch session any more."),
    INVALID_FETCH_SESSION_EPOCH(
            71, Retry.WORTHWHILE, "The fetch session's epoch does not follow its last one."),
    LISTENER_NOT_FOUND(
            72,
            Retry.WORTHWHILE,
            "The leader has no listener of the name that the request came in by."),
    TOPIC_DELETION_DISABLED(73, Retry.POINTLESS, "Deleting topics is switched off."),
    FENCED_LEADER_EPOCH(
            74, Retry.WORTHWHILE, "The client's leader epoch is older than the broker's."),
    UNKNOWN_LEADER_EPOCH(
            75, Retry.WORTHWHILE, "The client's leader epoch is newer than the broker's."),
    UNSUPPORTED_COMPRESSION_TYPE(
            76, Retry.POINTLESS, "The client's version cannot read this compression."),
    STALE_BROKER_EPOCH(77, Retry.POINTLESS, "The broker has registered anew since."),
    OFFSET_NOT_AVAILABLE(
            78, Retry.WORTHWHILE, "The new leader does not know its high watermark yet."),
    MEMBER_ID_REQUIRED(79, Retry.POINTLESS, "Join again with the member id given here."),
    PREFERRED_LEADER_NOT_AVAILABLE(80, Retry.WORTHWHILE, "The preferred leader is not available."),
    GROUP_MAX_SIZE_REACHED(81, Retry.POINTLESS, "The group is full."),
    FENCED_INSTANCE_ID(82, Retry.POINTLESS, "Another member has taken this group.instance.id."),
    ELIGIBLE_LEADERS_NOT_AVAILABLE(
            83, Retry.WORTHWHILE, "No replica that could lead is available."),
    ELECTION_NOT_NEEDED(84, Retry.WORTHWHILE, "The leader is the right one already."),
    NO_REASSIGNMENT_IN_PROGRESS(85, Retry.POINTLESS, "The partition is not being reassigned."),
    GROUP_SUBSCRIBED_TO_TOPIC(
            86, Retry.POINTLESS, "The group is reading the topic; its offsets cannot be deleted."),
    INVALID_RECORD(87, Retry.POINTLESS, "The broker refused a record."),
    UNSTABLE_OFFSET_COMMIT(
            88, Retry.WORTHWHILE, "A transaction that holds the offset is still open."),
    THROTTLING_QUOTA_EXCEEDED(89, Retry.WORTHWHILE, "The quota is used up for now."),
    PRODUCER_FENCED(90, Retry.POINTLESS, "A newer producer uses this transactional id."),
    RESOURCE_NOT_FOUND(91, Retry.POINTLESS, "The request names something that does not exist."),
    DUPLICATE_RESOURCE(92, Retry.POINTLESS, "The request names something twice."),
    UNACCEPTABLE_CREDENTIAL(93, Retry.POINTLESS, "The credential does not meet the rules."),
    INCONSISTENT_VOTER_SET(
            94, Retry.POINTLESS, "Sender and receiver disagree on who the voters are."),
    INVALID_UPDATE_VERSION(95, Retry.POINTLESS, "The version to update to is not valid."),
    FEATURE_UPDATE_FAILED(96, Retry.POINTLESS, "The features could not be updated."),
    PRINCIPAL_DESERIALIZATION_FAILURE(
            97, Retry.POINTLESS, "The forwarded principal could not be read."),
    SNAPSHOT_NOT_FOUND(98, Retry.POINTLESS, "There is no such snapshot."),
    POSITION_OUT_OF_RANGE(99, Retry.POINTLESS, "The position is outside of the snapshot."),
    UNKNOWN_TOPIC_ID(100, Retry.WORTHWHILE, "There is no topic with this id here."),
    DUPLICATE_BROKER_REGISTRATION(101, Retry.POINTLESS, "Another broker uses this broker id."),
    BROKER_ID_NOT_REGISTERED(102, Retry.POINTLESS, "No broker is registered with this id."),
    INCONSISTENT_TOPIC_ID(103, Retry.WORTHWHILE, "The topic has another id than the request says."),
    INCONSISTENT_CLUSTER_ID(
            104, Retry.POINTLESS, "The cluster has another id than the request says."),
    TRANSACTIONAL_ID_NOT_FOUND(105, Retry.POINTLESS, "There is no such transactional id."),
    FETCH_SESSION_TOPIC_ID_ERROR(
            106, Retry.WORTHWHILE, "The fetch session mixes topic names and topic ids."),
    INELIGIBLE_REPLICA(107, Retry.POINTLESS, "A replica may not be in sync yet."),
    NEW_LEADER_ELECTED(
            108,
            Retry.POINTLESS,
            "The change is made, and another broker leads the partition now."),
    OFFSET_MOVED_TO_TIERED_STORAGE(109, Retry.POINTLESS, "The offset is in tiered storage only."),
    FENCED_MEMBER_EPOCH(
            110,
            Retry.POINTLESS,
            "The coordinator has fenced the member; give up all partitions and rejoin."),
    UNRELEASED_INSTANCE_ID(111, Retry.POINTLESS, "Another member still uses this instance id."),
    UNSUPPORTED_ASSIGNOR(112, Retry.POINTLESS, "The group cannot use this assignor."),
    STALE_MEMBER_EPOCH(
            113,
            Retry.POINTLESS,
            "The member's epoch is old; the next heartbeat brings the new one."),
    MISMATCHED_ENDPOINT_TYPE(
            114, Retry.POINTLESS, "This is not the kind of endpoint the request is for."),
    UNSUPPORTED_ENDPOINT_TYPE(115, Retry.POINTLESS, "This kind of endpoint is not supported."),
    UNKNOWN_CONTROLLER_ID(116, Retry.POINTLESS, "There is no controller with this id."),
    UNKNOWN_SUBSCRIPTION_ID(
            117, Retry.POINTLESS, "The telemetry subscription is unknown or outdated."),
    TELEMETRY_TOO_LARGE(118, Retry.POINTLESS, "The telemetry is larger than the broker accepts."),
    INVALID_REGISTRATION(119, Retry.POINTLESS, "The controller does not accept the registration."),
    TRANSACTION_ABORTABLE(
            120, Retry.POINTLESS, "The transaction failed; abort it, and the next one can begin."),
    INVALID_RECORD_STATE(
            121, Retry.POINTLESS, "The record is not in a state that can be acknowledged."),
    SHARE_SESSION_NOT_FOUND(122, Retry.WORTHWHILE, "There is no such share session any more."),
    INVALID_SHARE_SESSION_EPOCH(
            123, Retry.WORTHWHILE, "The share session's epoch does not follow its last one."),
    FENCED_STATE_EPOCH(124, Retry.POINTLESS, "The state's epoch is not the coordinator's."),
    INVALID_VOTER_KEY(125, Retry.POINTLESS, "The voter's key is not this replica's."),
    DUPLICATE_VOTER(126, Retry.POINTLESS, "It is a voter already."),
    VOTER_NOT_FOUND(127, Retry.POINTLESS, "There is no such voter."),
    INVALID_REGULAR_EXPRESSION(128, Retry.POINTLESS, "The regular expression is not valid."),
    REBOOTSTRAP_REQUIRED(
            129,
            Retry.POINTLESS,
            "The client's metadata is of no use any more; start from the bootstrap servers."),
    STREAMS_INVALID_TOPOLOGY(130, Retry.POINTLESS, "The topology is not valid."),
    STREAMS_INVALID_TOPOLOGY_EPOCH(131, Retry.POINTLESS, "The topology's epoch is not valid."),
    STREAMS_TOPOLOGY_FENCED(132, Retry.POINTLESS, "The topology's epoch is old."),
    SHARE_SESSION_LIMIT_REACHED(
            133, Retry.WORTHWHILE, "There are as many share sessions as the broker allows."),
    GROUP_DELETION_FAILED(134, Retry.POINTLESS, "The group could not be deleted."),
    STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED(
            135, Retry.POINTLESS, "The description of the topology could not be updated."),
    CONTROLLER_ID_NOT_REGISTERED(136, Retry.POINTLESS, "No controller is registered with this id.");

    private enum Retry {
        WORTHWHILE,
        POINTLESS
    }

    /** The codes run from -1 upwards without a gap. */
    private static final ErrorCode[] BY_CODE = values();

    private final short code;
    private final Retry retry;
    private final String message;

    ErrorCode(int code, Retry retry, String message) {
        this.code = (short) code;
        this.retry = retry;
        this.message = message;
    }

    /** The error with a code; {@link #UNKNOWN_SERVER_ERROR} for codes of a newer protocol. */
    public static ErrorCode of(short code) {
        int index = code + 1;
        return index >= 0 && index < BY_CODE.length ? BY_CODE[index] : UNKNOWN_SERVER_ERROR;
    }

    /** The number on the wire. */
    public short code() {
        return code;
    }

    /** Whether the same request may succeed later, perhaps at another broker. */
    public boolean retriable() {
        return retry == Retry.WORTHWHILE;
    }

    /** What it means, in one sentence. */
    public String message() {
        return message;
    }
}
