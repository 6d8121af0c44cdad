package io.leat.tests.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/** Requests written, and answers read, by the official client's own message classes. */
public final class OfficialMessages {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int CORRELATION_ID = 4_711;

    private OfficialMessages() {}

    /** Sends a request with default values and reads the answer to its last byte. */
    static ApiMessage exchange(RawConnection connection, ApiKeys api, short version) {
        ApiMessage request = ApiMessageType.fromApiKey(api.id).newRequest();
        if (request instanceof ProduceRequestData produce) {
            produce.setAcks((short) 1);
        }
        if (request instanceof ApiVersionsRequestData versions) {
            versions.setClientSoftwareName("leat-tests").setClientSoftwareVersion("1");
        }
        return exchange(connection, api, version, request);
    }

    /** Sends a request and reads the answer to its last byte. */
    static ApiMessage exchange(
            RawConnection connection, ApiKeys api, short version, ApiMessage request) {
        ApiMessageType type = ApiMessageType.fromApiKey(api.id);
        connection.send(frame(api, request, version));
        ApiMessage response = type.newResponse();
        read(connection.readAnswer(LIMIT), api, version, response);
        return response;
    }

    /** Reads an answer to its last byte into {@code response}. */
    public static void read(ByteBuffer answer, ApiKeys api, short version, ApiMessage response) {
        var in = new ByteBufferAccessor(answer);
        var header =
                new ResponseHeaderData(
                        in, ApiMessageType.fromApiKey(api.id).responseHeaderVersion(version));
        assertEquals(CORRELATION_ID, header.correlationId());
        response.read(in, version);
        assertEquals(0, answer.remaining(), () -> "bytes after " + response);
    }

    /** A request with its length and header. */
    public static byte[] frame(ApiKeys api, ApiMessage request, short version) {
        ApiMessageType type = ApiMessageType.fromApiKey(api.id);
        RequestHeaderData header =
                new RequestHeaderData()
                        .setRequestApiKey(type.apiKey())
                        .setRequestApiVersion(version)
                        .setCorrelationId(CORRELATION_ID)
                        .setClientId("official");
        ByteBuffer head =
                MessageUtil.toByteBufferAccessor(header, type.requestHeaderVersion(version))
                        .buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(request, version).buffer();
        byte[] content = new byte[head.remaining() + body.remaining()];
        head.get(content, 0, head.remaining());
        body.get(content, content.length - body.remaining(), body.remaining());
        return BadFrames.frame(content);
    }
}
