package io.leat.tests.benchmarks;

import io.leat.tests.protocol.OfficialMessages;
import io.leat.tests.protocol.RawConnection;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** A member of a group that only takes part in the protocol. It lives on a thread of its own. */
abstract sealed class GroupBenchmarkMember implements AutoCloseable
        permits ClassicBenchmarkMember, ConsumerBenchmarkMember {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    final String group;
    private final RawConnection connection;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile int generation = -1;
    private volatile int owned;
    private volatile long heartbeats;

    GroupBenchmarkMember(String bootstrap, String group) {
        this.group = group;
        this.connection = new RawConnection(bootstrap);
    }

    /** Joins, and heartbeats until closed. */
    abstract void live();

    /** Whether it is a member, with an assignment or not yet. */
    final boolean joined() {
        return generation >= 0;
    }

    /** The generation, or epoch, in which it is a member. */
    final int generation() {
        return generation;
    }

    /** How many partitions it owns. */
    final int owned() {
        return owned;
    }

    /** How many heartbeats were answered. */
    final long heartbeats() {
        return heartbeats;
    }

    final void member(int newGeneration, int newOwned) {
        owned = newOwned;
        generation = newGeneration;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Its own thread is the only one that counts.
    final void countHeartbeat() {
        heartbeats++;
    }

    /** Waits; false once closed. */
    final boolean pause(long millis) {
        try {
            return !closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    final ApiMessage exchange(ApiKeys api, ApiMessage request) {
        short version = api.latestVersion();
        connection.send(OfficialMessages.frame(api, request, version));
        ApiMessage answer = ApiMessageType.fromApiKey(api.id).newResponse();
        OfficialMessages.read(connection.readAnswer(LIMIT), api, version, answer);
        return answer;
    }

    static void require(short error) {
        Errors.forCode(error).maybeThrow();
    }

    /** It goes without a word. */
    @Override
    public final void close() {
        closed.countDown();
        connection.close();
    }

    final boolean isClosed() {
        return closed.getCount() == 0;
    }
}
