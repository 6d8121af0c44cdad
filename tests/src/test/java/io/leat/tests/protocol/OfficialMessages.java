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
final class OfficialMessages {
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
        connection.send(frame(type, request, version));
        ByteBuffer answer = connection.readAnswer(LIMIT);
        var in = new ByteBufferAccessor(answer);
        var header = new ResponseHeaderData(in, type.responseHeaderVersion(version));
        assertEquals(CORRELATION_ID, header.correlationId());
        ApiMessage response = type.newResponse();
        response.read(in, version);
        assertEquals(0, answer.remaining(), () -> "bytes after " + response);
        return response;
    }

    private static byte[] frame(ApiMessageType type, ApiMessage request, short version) {
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
