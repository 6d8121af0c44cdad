package io.leat.tests.harness;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A broker in a process of its own that keeps its address and its data over restarts.
 *
 * <p>Tests are written against this, so that each can be run against Leat and against Apache Kafka
 * itself: {@code -Dleat.tests.broker=kafka}.
 */
public interface TestBroker extends AutoCloseable {
    /** Host and port for clients; the same after every restart. */
    String bootstrap();

    /** Starts the process and returns when it is ready for clients. */
    void start();

    /** SIGTERM, and waits for the end. */
    void stop();

    /** SIGKILL, and waits for the end. */
    void kill();

    /** The process that runs now, or ran last. */
    long pid();

    /** From the start of the process until it said that it is ready, at the last start. */
    Duration lastStart();

    /** The folder in which the partitions' folders are. */
    Path logDirectory();

    /** The last that its process has printed, where that is kept. */
    default String lastOutput() {
        return "";
    }

    /** Ends the process if it runs, and removes its data. */
    @Override
    void close();
}
