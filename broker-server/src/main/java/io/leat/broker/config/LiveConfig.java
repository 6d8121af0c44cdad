package io.leat.broker.config;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The configuration as it stands: what was given at start, and over it what was set at run time.
 * Reading is one volatile read, by any thread; {@link #change} is called by one thread at a time.
 */
public final class LiveConfig {
    private final List<Consumer<BrokerConfig>> listeners = new CopyOnWriteArrayList<>();
    private volatile BrokerConfig current;

    public LiveConfig(BrokerConfig start) {
        this.current = start;
    }

    public BrokerConfig current() {
        return current;
    }

    /** Calls {@code listener} after every change, by the thread that changes. */
    public void listen(Consumer<BrokerConfig> listener) {
        listeners.add(listener);
    }

    /** Puts {@code dynamic} in place of what was set at run time before, and tells everybody. */
    public void change(DynamicConfig dynamic) {
        BrokerConfig changed = current.with(dynamic);
        current = changed;
        listeners.forEach(listener -> listener.accept(changed));
    }
}
