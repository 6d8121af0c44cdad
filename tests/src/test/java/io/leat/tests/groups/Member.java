package io.leat.tests.groups;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.JavaCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** A group member that tells the ledger what happens to it. */
sealed interface Member extends AutoCloseable {
    String name();

    /** Leaves the group in good order, as far as its kind of membership does. */
    @Override
    void close();

    /** A member on a thread of this JVM. */
    final class Local implements Member {
        private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

        private final String name;
        private final MemberLoop loop;
        private final Thread thread;
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Local(String name, Map<String, Object> config, String topic, Ledger ledger) {
            this.name = name;
            this.loop = new MemberLoop(config, topic, event -> ledger.add(name, event));
            this.thread = new Thread(loop, "member-" + name);
            thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
            thread.start();
        }

        @Override
        public String name() {
            return name;
        }

        /** What ended the member other than {@link #close()}. */
        AtomicReference<Throwable> failure() {
            return failure;
        }

        @Override
        public void close() {
            loop.stop();
            Await.until("end of member " + name, STOP_LIMIT, () -> !thread.isAlive());
        }
    }

    /** A member in a process of its own, which can be killed. */
    final class Remote implements Member {
        private final String name;
        private final ChildProcess process;
        private final Ledger ledger;
        private final Thread reader;
        private volatile boolean closed;

        Remote(String name, Map<String, Object> config, String topic, Ledger ledger) {
            this.name = name;
            this.ledger = ledger;
            String classPath =
                    JavaCommand.classPathOf(
                            MemberProgram.class, KafkaConsumer.class, org.slf4j.Logger.class);
            List<String> arguments = new ArrayList<>(List.of(topic));
            config.forEach((key, value) -> arguments.add(key + "=" + value));
            this.process =
                    ChildProcess.start(
                            "member-" + name,
                            Folders.target(),
                            JavaCommand.of(classPath, MemberProgram.class, arguments));
            this.reader = Thread.ofVirtual().start(this::tellLedger);
        }

        @Override
        public String name() {
            return name;
        }

        ChildProcess process() {
            return process;
        }

        /** SIGKILL: no word to the broker. */
        void crash() {
            process.kill();
            long ended = System.nanoTime();
            closed = true;
            awaitReader();
            ledger.memberEnded(name, ended);
        }

        @Override
        public void close() {
            process.close();
            closed = true;
            awaitReader();
        }

        private void awaitReader() {
            Await.until("events of " + name, Duration.ofSeconds(10), () -> !reader.isAlive());
        }

        private void tellLedger() {
            int seen = 0;
            while (true) {
                boolean last = closed;
                List<String> lines = process.linesFrom(seen);
                lines.forEach(l -> Event.fromLine(l).ifPresent(e -> ledger.add(name, e)));
                seen += lines.size();
                if (last) {
                    return;
                }
                int known = seen;
                Await.until(
                        "output of " + name,
                        Duration.ofMinutes(5),
                        () -> closed || process.lineCount() > known);
            }
        }
    }
}
