package io.leat.broker.api;

import io.leat.broker.api.ApiRegistry.Api;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ApiVersionsResponse;
import io.leat.wire.message.ResponseHeader;
import io.leat.wire.schema.MalformedMessageException;
import io.leat.wire.schema.MessageCodec;
import io.leat.wire.schema.WireSink;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Answers to requests in versions that are not served, where the protocol has one. A client whose
 * ApiVersions request is newer than the broker is told, in version 0, which versions of it there
 * are (KIP-511). And since Produce is advertised from version 0 on, as {@link ApiVersionsHandler}
 * explains, its versions 0 to 2 are answered too: with UNSUPPORTED_VERSION for each partition.
 */
final class UnsupportedVersion {
    private static final short PRODUCE_LOWEST_ADVERTISED = 0;

    private UnsupportedVersion() {}

    static Optional<Reply> answer(Api<?, ?> api, short version, ByteBuffer frame) {
        int correlationId = frame.getInt(frame.position() + 4);
        if (api.key() == ApiKey.API_VERSIONS) {
            return Optional.of(apiVersions(api, correlationId));
        }
        if (api.key() == ApiKey.PRODUCE
                && version >= PRODUCE_LOWEST_ADVERTISED
                && version < api.lowestVersion()) {
            return Optional.of(produce(version, correlationId, frame));
        }
        return Optional.empty();
    }

    private static Reply apiVersions(Api<?, ?> api, int correlationId) {
        ApiVersionsResponse response =
                new ApiVersionsResponse(
                        ErrorCode.UNSUPPORTED_VERSION.code(),
                        List.of(
                                new ApiVersionsResponse.ApiVersion(
                                        api.key().id(), api.lowestVersion(), api.highestVersion())),
                        0,
                        List.of(),
                        -1,
                        List.of(),
                        false);
        return out -> {
            MessageCodec.of(ResponseHeader.class)
                    .encode(new ResponseHeader(correlationId), (short) 0, out);
            MessageCodec.of(ApiVersionsResponse.class).encode(response, (short) 0, out);
        };
    }

    /** A topic of an old Produce request, with the numbers of its partitions. */
    private record OldTopic(ByteBuffer name, List<Integer> partitions) {}

    /**
     * The old layout, the same in versions 0 to 2 but for the end of the response.
     *
     * <pre>
     * request   header(8) client id(string) acks(2) timeout(4) [topic(string) [partition(4) records(bytes)]]
     * response  correlation id(4) [topic(string) [partition(4) error(2) offset(8) time(8, v2)]] throttle(4, v1+)
     * </pre>
     */
    private static Reply produce(short version, int correlationId, ByteBuffer frame) {
        List<OldTopic> topics = new ArrayList<>();
        try {
            frame.position(frame.position() + 8);
            skip(frame, Math.max(0, frame.getShort()));
            skip(frame, 6);
            for (int topicsLeft = frame.getInt(); topicsLeft > 0; topicsLeft--) {
                int nameBytes = Math.max(0, frame.getShort());
                ByteBuffer name = ByteBuffer.allocate(Math.min(nameBytes, frame.remaining()));
                name.put(frame.slice(frame.position(), name.capacity())).flip();
                skip(frame, nameBytes);
                List<Integer> partitions = new ArrayList<>();
                for (int left = frame.getInt(); left > 0; left--) {
                    partitions.add(frame.getInt());
                    skip(frame, Math.max(0, frame.getInt()));
                }
                topics.add(new OldTopic(name, partitions));
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new MalformedMessageException("Produce v" + version + " is cut off");
        }
        return out -> writeProduce(version, correlationId, topics, out);
    }

    private static void writeProduce(
            short version, int correlationId, List<OldTopic> topics, WireSink out) {
        out.putInt(correlationId);
        out.putInt(topics.size());
        for (OldTopic topic : topics) {
            out.putShort((short) topic.name().remaining());
            out.putBuffer(topic.name());
            out.putInt(topic.partitions().size());
            for (int partition : topic.partitions()) {
                out.putInt(partition);
                out.putShort(ErrorCode.UNSUPPORTED_VERSION.code());
                out.putLong(-1);
                if (version >= 2) {
                    out.putLong(-1);
                }
            }
        }
        if (version >= 1) {
            out.putInt(0);
        }
    }

    private static void skip(ByteBuffer frame, int bytes) {
        if (bytes > frame.remaining()) {
            throw new BufferUnderflowException();
        }
        frame.position(frame.position() + bytes);
    }
}
