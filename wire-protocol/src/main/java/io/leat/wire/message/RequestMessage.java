package io.leat.wire.message;

/** A message from client to broker. */
public interface RequestMessage {}
