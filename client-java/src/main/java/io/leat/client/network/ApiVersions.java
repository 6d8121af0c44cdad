package io.leat.client.network;

import io.leat.wire.message.ApiVersionsResponse;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a broker speaks. */
final class ApiVersions {
    private record Range(int min, int max) {}

    /** Before the broker was asked: only the question itself can be put. */
    static final ApiVersions UNKNOWN = new ApiVersions(Map.of());

    private final Map<Short, Range> ranges;

    private ApiVersions(Map<Short, Range> ranges) {
        this.ranges = ranges;
    }

    static ApiVersions of(ApiVersionsResponse answer) {
        Map<Short, Range> ranges = new HashMap<>();
        for (ApiVersionsResponse.ApiVersion api : answer.apiKeys()) {
            ranges.put(api.apiKey(), new Range(api.minVersion(), api.maxVersion()));
        }
        return new ApiVersions(ranges);
    }

    /** The highest version that both sides speak, or -1. */
    int choose(Api<?, ?> api) {
        Range range = ranges.get(api.key().id());
        if (range == null) {
            return -1;
        }
        int version = Math.min(range.max, api.versionMax());
        return version >= Math.max(range.min, api.versionMin()) ? version : -1;
    }

    String whyNot(Api<?, ?> api, HostPort address) {
        @Nullable Range range = ranges.get(api.key().id());
        if (range == null && api.key().isLeats()) {
            return address + " speaks no " + api.name() + ", which only Leat brokers have";
        }
        return address
                + " speaks "
                + (range == null
                        ? "no " + api.name()
                        : api.name() + " versions " + range.min + " to " + range.max)
                + ", this client versions "
                + api.versionMin()
                + " to "
                + api.versionMax()
                + "; brokers must be Leat or Apache Kafka 3.0 or later";
    }
}
