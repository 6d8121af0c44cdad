package io.leat.broker.access;

/** Is told of what clients wanted and may not. Any thread; must not wait. */
@FunctionalInterface
public interface Denials {
    void denied(String principal, String host, Operation operation, ResourceType type, String name);
}
