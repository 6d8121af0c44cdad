package io.leat.tests.harness;

import io.leat.broker.Broker;
import io.leat.broker.config.BrokerConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Map;

/** A broker without the command line. Arguments: key=value of its configuration. */
public final class BareServerProgram {
    private BareServerProgram() {}

    public static void main(String[] arguments) {
        Map<String, String> settings = new HashMap<>();
        for (String argument : arguments) {
            String[] pair = argument.split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        Broker broker = Broker.start(BrokerConfig.of(settings), new SimpleMeterRegistry());
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
    }
}
