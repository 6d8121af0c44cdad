package io.leat.broker.metrics;

import io.leat.broker.api.RequestObserver;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ResponseMessage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts requests.
 *
 * <ul>
 *   <li>{@code leat.request.duration}, by api: how many, and how long from the whole request to the
 *       finished response. A fetch that waits for records is as long as it waits.
 *   <li>{@code leat.request.errors}, by api and error: error codes in responses, one for each
 *       partition, topic or group that had one.
 * </ul>
 */
public final class RequestMetrics implements RequestObserver {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private final MeterRegistry registry;
    private final Map<ApiKey, Timer> durations = new ConcurrentHashMap<>();
    private final Map<Failure, Counter> errors = new ConcurrentHashMap<>();

    private record Failure(ApiKey api, short code) {}

    public RequestMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void answered(ApiKey api, ResponseMessage response, long nanos) {
        Timer timer = durations.get(api);
        if (timer == null) {
            timer = durations.computeIfAbsent(api, this::duration);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
        ResponseErrors.forEach(response, code -> count(api, code));
    }

    private void count(ApiKey api, short code) {
        if (code != ErrorCode.NONE.code()) {
            errors.computeIfAbsent(new Failure(api, code), this::errors).increment();
        }
    }

    private Timer duration(ApiKey api) {
        return Timer.builder("leat.request.duration")
                .description("Time from the whole request to the finished response")
                .tag("api", api.apiName())
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Counter errors(Failure failure) {
        return Counter.builder("leat.request.errors")
                .description("Error codes in responses")
                .tag("api", failure.api().apiName())
                .tag("error", ErrorCode.of(failure.code()).name())
                .register(registry);
    }
}
