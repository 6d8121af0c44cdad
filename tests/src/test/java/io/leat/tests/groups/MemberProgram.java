package io.leat.tests.groups;

import java.util.HashMap;
import java.util.Map;

/**
 * A member in a process of its own, to be killed. Arguments: topic, then key=value of its
 * configuration.
 */
public final class MemberProgram {
    private MemberProgram() {}

    public static void main(String[] arguments) {
        Map<String, Object> config = new HashMap<>();
        for (int i = 1; i < arguments.length; i++) {
            String[] pair = arguments[i].split("=", 2);
            config.put(pair[0], pair[1]);
        }
        new MemberLoop(config, arguments[0], event -> System.out.println(event.toLine())).run();
    }
}
