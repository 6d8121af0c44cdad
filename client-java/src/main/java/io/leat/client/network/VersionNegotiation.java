package io.leat.client.network;

import io.leat.client.network.TransportException.Reason;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ApiVersionsRequest;
import io.leat.wire.message.ApiVersionsResponse;
import io.leat.wire.message.Exchange;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Asks a broker what it speaks (KIP-35, KIP-511). One that does not know the version of the
 * question says so in version 0 and names those that it knows; then the question is put once more.
 */
final class VersionNegotiation {
    /** Writes a call in a version that needs no agreement. */
    @FunctionalInterface
    interface Writer {
        void write(Call<ApiVersionsRequest, ApiVersionsResponse> call, short version);
    }

    static final Api<ApiVersionsRequest, ApiVersionsResponse> API =
            Api.of(Exchange.API_VERSIONS, 0, 4);

    private static final ApiVersionsRequest REQUEST =
            new ApiVersionsRequest("leat-client-java", "0.1", null, -1);
    private static final short FIRST_VERSION = 3;

    private VersionNegotiation() {}

    static CompletableFuture<ApiVersions> run(Writer writer, HostPort address, Duration timeout) {
        return ask(writer, timeout, FIRST_VERSION)
                .thenCompose(answer -> {
                    ApiVersions versions = ApiVersions.of(answer);
                    int known = versions.choose(API);
                    boolean again = answer.errorCode() == ErrorCode.UNSUPPORTED_VERSION.code();
                    return again && known >= 0
                            ? ask(writer, timeout, (short) known)
                            : CompletableFuture.completedFuture(answer);
                })
                .thenApply(answer -> accept(answer, address));
    }

    private static CompletableFuture<ApiVersionsResponse> ask(
            Writer writer, Duration timeout, short version) {
        CompletableFuture<ApiVersionsResponse> answer = new CompletableFuture<>();
        writer.write(new Call<>(API, REQUEST, timeout, Optional.empty(), answer), version);
        return answer;
    }

    private static ApiVersions accept(ApiVersionsResponse answer, HostPort address) {
        if (answer.errorCode() != ErrorCode.NONE.code()) {
            throw new TransportException(
                    Reason.UNSUPPORTED,
                    address
                            + " does not say what it speaks: "
                            + ErrorCode.of(answer.errorCode())
                            + "; brokers must be Leat or Apache Kafka 3.0 or later");
        }
        return ApiVersions.of(answer);
    }
}
