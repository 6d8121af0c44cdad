package io.leat.broker.group.assign;

import java.util.List;

/** The assignors that members may wish for. */
public final class Assignors {
    private static final List<Assignor> ALL = List.of(new UniformAssignor(), new RangeAssignor());

    private Assignors() {}

    /**
     * The assignor of a name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Assignor named(String name) {
        return ALL.stream()
                .filter(assignor -> assignor.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no assignor " + name));
    }
}
